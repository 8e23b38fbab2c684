-- Run once as the server's administrator:  sudo -u postgres psql -v password="'口令'" -f deploy/postgres.sql
-- CREATEDB: a drill restores into a database of its own and drops it.
CREATE ROLE zhuji LOGIN CREATEDB PASSWORD :password;
CREATE DATABASE zhuji OWNER zhuji ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE zhuji FROM PUBLIC;
