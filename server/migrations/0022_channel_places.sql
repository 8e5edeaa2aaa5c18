-- Up Migration

-- Takes one of the places of a limited channel; null when none is left. A function, so that the many registrations without a limit do not pay
-- for it: PostgreSQL sets up every part of a statement, needed or not. It sees what others have committed meanwhile, so no place is given twice.
create function take_channel_place(wanted uuid) returns boolean language sql volatile as $$
  update channel set counted_registrations = counted_registrations + 1
  where channel_id = wanted and counted_registrations < max_registrations
  returning true
$$;
