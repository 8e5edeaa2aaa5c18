-- Up Migration

-- What stands in the welcome of somebody who added the rep through this channel, instead of the usual sentence (R28).
alter table channel rename column welcome_variant to welcome_text;
