-- Run once as the server's administrator:
--   runuser -u postgres -- psql -v owner_password="'口令一'" -v password="'口令二'" -f deploy/postgres.sql
-- The owner makes the tables and changes them; CREATEDB: a drill restores into a database of its own.
CREATE ROLE zhuji_owner LOGIN CREATEDB PASSWORD :owner_password;
-- The application owns nothing: what it may do with each table, `zhuji migrate` says at its end.
CREATE ROLE zhuji LOGIN PASSWORD :password;
CREATE DATABASE zhuji OWNER zhuji_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE zhuji FROM PUBLIC;
GRANT CONNECT ON DATABASE zhuji TO zhuji;
\connect zhuji
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO zhuji_owner;
