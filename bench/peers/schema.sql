-- The map as somebody would keep it for PostGraphile, with what makes its answers
-- fast: a tie stands once from each of its ends, and every list has its index.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE topic (rid text PRIMARY KEY, name text NOT NULL);
CREATE TABLE stakeholder (
	rid text PRIMARY KEY, kind text NOT NULL, name text NOT NULL, name_kana text, industry text, staff int, area text,
	sort_key text COLLATE "C" NOT NULL, search_key text NOT NULL
);
CREATE TABLE tie_end (
	stakeholder text NOT NULL, other text NOT NULL, tie text NOT NULL, kind text NOT NULL, strength int,
	PRIMARY KEY (stakeholder, tie)
);
CREATE TABLE need (rid text PRIMARY KEY, stakeholder text NOT NULL, topic text NOT NULL);
