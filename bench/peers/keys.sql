-- After the rows.
ALTER TABLE tie_end ADD CONSTRAINT of_stakeholder FOREIGN KEY (stakeholder) REFERENCES stakeholder (rid), ADD CONSTRAINT to_other FOREIGN KEY (other) REFERENCES stakeholder (rid);
ALTER TABLE need ADD CONSTRAINT need_of FOREIGN KEY (stakeholder) REFERENCES stakeholder (rid), ADD CONSTRAINT need_on FOREIGN KEY (topic) REFERENCES topic (rid);
CREATE INDEX tie_end_list ON tie_end (stakeholder, kind, strength DESC, tie);
CREATE INDEX tie_end_other ON tie_end (other);
CREATE INDEX need_stakeholder ON need (stakeholder);
CREATE INDEX need_topic ON need (topic);
CREATE INDEX stakeholder_list ON stakeholder (kind, sort_key, rid);
CREATE INDEX stakeholder_area ON stakeholder (area);
CREATE INDEX stakeholder_staff ON stakeholder (staff);
CREATE INDEX topic_name ON topic (name);
CREATE INDEX stakeholder_search ON stakeholder USING gin (search_key gin_trgm_ops);
CREATE VIEW stakeholder_counts AS SELECT kind, area, count(*)::int AS count FROM stakeholder GROUP BY kind, area;
ANALYZE;
