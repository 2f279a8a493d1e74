OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
head(COLLECT { MATCH (n1:Record) WHERE n1.id IN $p0 AND n1:School WITH n1 ORDER BY n1.id LIMIT 1 RETURN ['School', n1.id, CASE WHEN n1.names IS NULL THEN n1.name ELSE reduce(b3 = [null, n1.name], i2 IN range(0, size(n1.names) - 1) | CASE WHEN n1.namesFrom[i2] <= $asOf AND n1.namesUntil[i2] > $asOf AND (b3[0] IS NULL OR n1.namesFrom[i2] >= b3[0]) THEN [n1.namesFrom[i2], CASE n1.names[i2] WHEN '' THEN null ELSE n1.names[i2] END] ELSE b3 END)[1] END, [COLLECT { MATCH (n4:_Change {record: n1.id}) WITH n4 ORDER BY n4.id RETURN ['Change', n4.id, n4.action, n4.at] }, null, null]] })] AS answer
// parameters ["asOf","p0"]
