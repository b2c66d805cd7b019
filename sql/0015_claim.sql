-- Phones may also have asked by multicast.
set local search_path = offhook;

alter table device_contacts drop constraint device_contacts_transport_check;
alter table device_contacts add constraint device_contacts_transport_check
  check (transport in ('http', 'https', 'tftp', 'pnp'));
