OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
[COLLECT { MATCH (n1:_Change) WHERE (n1.personal IS NULL OR none(p2 IN n1.parties WHERE EXISTS { MATCH (x3:Record {id: p2}) WHERE coalesce(x3.consentEnds <= date({timezone: 'Asia/Tokyo'}), false) })) AND n1.revision > $p0 WITH n1 ORDER BY n1.revision IS NULL, n1.revision DESC, n1.id LIMIT $p1 RETURN ['Change', n1.id, n1.record, CASE WHEN n1.after IS NULL THEN null ELSE [n1.after, [], EXISTS { MATCH (x4:Record {id: n1.record}) WHERE coalesce(x4.consentEnds <= date({timezone: 'Asia/Tokyo'}), false) }] END] }, null, null]] AS answer
// parameters ["p0","p1"]
