-- For a database whose application owns the tables: gives them to an owner of their own. Run once,
-- with the site and the worker stopped, then `zhuji migrate` as the owner:
--   runuser -u postgres -- psql -d zhuji -v owner_password="'口令一'" -f deploy/postgres-apart.sql
CREATE ROLE zhuji_owner LOGIN CREATEDB PASSWORD :owner_password;
REASSIGN OWNED BY zhuji TO zhuji_owner;
ALTER ROLE zhuji NOCREATEDB;
GRANT CONNECT ON DATABASE zhuji TO zhuji;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, zhuji;
GRANT ALL ON SCHEMA public TO zhuji_owner;
