OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
[COLLECT { MATCH (n1:Company) WHERE (n1.from IS NULL OR n1.from <= $asOf) AND (n1.until IS NULL OR n1.until > $asOf) AND (n1.name IN $p1 OR n1.nameFold IN $p1) WITH n1 ORDER BY n1.id RETURN ['Company', n1.id, n1.importKey] }, null, null]] AS answer
// parameters ["asOf","p1"]
