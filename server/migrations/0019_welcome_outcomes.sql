-- Up Migration

-- What became of the welcomes of the last day, for the running state: asked every few seconds by whoever looks.
create index welcome_attempt_received_at on welcome_attempt (received_at);
