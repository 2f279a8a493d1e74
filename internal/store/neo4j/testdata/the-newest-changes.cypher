OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
[COLLECT { MATCH (n1:_Change) WHERE n1.revision > $p0 WITH n1 ORDER BY n1.revision IS NULL, n1.revision DESC, n1.id LIMIT $p1 RETURN ['Change', n1.id, n1.record, CASE WHEN n1.after IS NULL THEN null ELSE [n1.after, []] END] }, null, null]] AS answer
// parameters ["p0","p1"]
