OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
[COLLECT { MATCH (n1:Company) WHERE n1.visibility IN $levels AND (n1.from IS NULL OR n1.from <= $asOf) AND (n1.until IS NULL OR n1.until > $asOf) AND n1.industry = $p2 AND n1.sortKey IS NOT NULL WITH n1 ORDER BY n1.sortKey, n1.id LIMIT $p3 RETURN ['Company', n1.id, CASE WHEN n1.names IS NULL THEN n1.name ELSE reduce(b3 = [null, n1.name], i2 IN range(0, size(n1.names) - 1) | CASE WHEN n1.namesFrom[i2] <= $asOf AND n1.namesUntil[i2] > $asOf AND (b3[0] IS NULL OR n1.namesFrom[i2] >= b3[0]) THEN [n1.namesFrom[i2], CASE n1.names[i2] WHEN '' THEN null ELSE n1.names[i2] END] ELSE b3 END)[1] END, [n1.sortKey, n1.id]] }, null, null]] AS answer
// parameters ["asOf","levels","p2","p3"]
