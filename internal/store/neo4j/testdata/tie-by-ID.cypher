OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
head(COLLECT { MATCH (s2:Stakeholder)-[r1:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o3) WHERE r1.id IN $p0 AND r1.visibility IN $levels AND s2.visibility IN $levels AND o3.visibility IN $levels WITH r1 ORDER BY r1.id LIMIT 1 RETURN ['Tie', r1.id, type(r1), coalesce(r1.lastContactText, toString(r1.lastContact)), [COLLECT { MATCH (n4:Claim {record: r1.id}) WHERE n4.visibility IN $levels AND NOT coalesce(n4.field IN $p2, false) WITH n4 ORDER BY n4.id RETURN ['Claim', n4.id, n4.value, coalesce(n4.dateText, toString(n4.date))] }, null, null]] })] AS answer
// parameters ["levels","p0","p2"]
