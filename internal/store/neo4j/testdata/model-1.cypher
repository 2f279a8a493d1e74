CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"contact":"0263","name":"公開社"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000000', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'open', recordKind: 'Company', recordKindFold: 'company', recordVersion: 1, revision: 1, seq: 0, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"name":"後で秘密"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000001', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'shut', recordKind: 'Company', recordKindFold: 'company', recordVersion: 1, revision: 1, seq: 1, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"name":"会員社","visibility":"MEMBERS"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000002', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'inner', recordKind: 'Company', recordKindFold: 'company', recordVersion: 1, revision: 1, seq: 2, version: 1, visibility: 'MEMBERS'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"contact":"hana@example.org","name":"架空花子（架空）"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000003', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'who', recordKind: 'Person', recordKindFold: 'person', recordVersion: 1, revision: 1, seq: 3, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"name":"聞き取り","sourceType":"HEARING"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000004', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'source', recordKind: 'Source', recordKindFold: 'source', recordVersion: 1, revision: 1, seq: 4, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"kind":"KNOWS","object":"shut","subject":"open"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000005', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 't-shut', recordKind: 'Tie', recordKindFold: 'tie', recordVersion: 1, revision: 1, seq: 5, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"kind":"KNOWS","object":"who","subject":"open"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000006', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 't-open', recordKind: 'Tie', recordKindFold: 'tie', recordVersion: 1, revision: 1, seq: 6, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"kind":"KNOWS","object":"who","subject":"shut"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000007', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 't-back', recordKind: 'Tie', recordKindFold: 'tie', recordVersion: 1, revision: 1, seq: 7, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"name":"構想","parties":["open","shut","inner"]}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000008', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'plan', recordKind: 'Initiative', recordKindFold: 'initiative', recordVersion: 1, revision: 1, seq: 8, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"field":"name","record":"open","source":"source","value":"公開社"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-0000009', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'c-open', recordKind: 'Claim', recordKindFold: 'claim', recordVersion: 1, revision: 1, seq: 9, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"field":"name","record":"shut","source":"source","value":"後で秘密"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-000000a', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'c-shut', recordKind: 'Claim', recordKindFold: 'claim', recordVersion: 1, revision: 1, seq: 10, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"record":"t-shut","source":"source","value":"知り合い"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-000000b', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'c-tie', recordKind: 'Claim', recordKindFold: 'claim', recordVersion: 1, revision: 1, seq: 11, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'CREATE', actor: 'test', after: '{"field":"contact","record":"who","source":"source","value":"hana@example.org"}', at: '2024-02-01T03:00:00Z', id: '00000000000001-000000c', kind: 'Change', mark: '06h1bf1atnq7dv8pn5h4q13mh4', record: 'c-contact', recordKind: 'Claim', recordKindFold: 'claim', recordVersion: 1, revision: 1, seq: 12, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'UPDATE', actor: 'test', after: '{"name":"後で秘密","visibility":"RESTRICTED"}', at: '2024-02-01T03:00:00Z', before: '{"name":"後で秘密"}', id: '00000000000002-0000000', kind: 'Change', mark: '06h1bf1jmjsu2ehntq56h30qp0', record: 'shut', recordKind: 'Company', recordKindFold: 'company', recordVersion: 2, revision: 2, seq: 0, version: 1, visibility: 'RESTRICTED'});
CREATE (:_Change {action: 'UPDATE', actor: 'test', after: '{"name":"構想二","parties":["open","shut","inner"]}', at: '2024-02-01T03:00:00Z', before: '{"name":"構想","parties":["open","shut","inner"]}', id: '00000000000002-0000001', kind: 'Change', mark: '06h1bf1jmjsu2ehntq56h30qp0', record: 'plan', recordKind: 'Initiative', recordKindFold: 'initiative', recordVersion: 2, revision: 2, seq: 1, version: 1, visibility: 'PUBLIC'});
CREATE (:_Change {action: 'WITHDRAW', actor: 'test', after: '{"into":"shut","was":"{\\"kind\\":\\"KNOWS\\",\\"object\\":\\"who\\",\\"subject\\":\\"shut\\"}","wasKind":"Tie"}', at: '2024-02-01T03:00:00Z', before: '{"kind":"KNOWS","object":"who","subject":"shut"}', beforeKind: 'Tie', id: '00000000000002-0000002', kind: 'Change', mark: '06h1bf1jmjsu2ehntq56h30qp0', record: 't-back', recordKind: 'Withdrawn', recordKindFold: 'withdrawn', recordVersion: 2, revision: 2, seq: 2, version: 1, visibility: 'PUBLIC'});
CREATE (:Claim:Record {field: 'contact', id: 'c-contact', kind: 'Claim', record: 'who', value: 'hana@example.org', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:Claim:Record {field: 'name', id: 'c-open', kind: 'Claim', record: 'open', value: '公開社', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:Claim:Record {field: 'name', id: 'c-shut', kind: 'Claim', record: 'shut', value: '後で秘密', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:Claim:Record {id: 'c-tie', kind: 'Claim', record: 't-shut', value: '知り合い', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:_Head {id: 'head', revision: 2});
CREATE (:Company:Organization:Record:Stakeholder {id: 'inner', kind: 'Company', name: '会員社', searchKey: '
会員社
', sortKey: '会員社', version: 1, visibility: 'MEMBERS'});
CREATE (:Company:Organization:Record:Stakeholder {contact: '0263', id: 'open', kind: 'Company', name: '公開社', searchKey: '
公開社
', sortKey: '公開社', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:Initiative:Record {id: 'plan', kind: 'Initiative', name: '構想二', searchKey: '
構想二
', sortKey: '構想二', version: 2, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:_Schema {id: 'schema', print: 'bfde59b5f8165525', version: 1});
CREATE (:Company:Organization:Record:Stakeholder {id: 'shut', kind: 'Company', name: '後で秘密', searchKey: '
後で秘密
', sortKey: '後で秘密', version: 2, visibility: 'RESTRICTED'});
CREATE (:Record:Source {id: 'source', kind: 'Source', name: '聞き取り', searchKey: '
聞き取り
', sortKey: '聞き取り', sourceType: 'HEARING', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
CREATE (:Record:Withdrawn {id: 't-back', into: 'shut', kind: 'Withdrawn', version: 2, visibility: 'PUBLIC', visibilityDefault: true, was: '{"kind":"KNOWS","object":"who","subject":"shut"}', wasKind: 'Tie', wasKindFold: 'tie'});
CREATE (:Individual:Person:Record:Stakeholder {contact: 'hana@example.org', id: 'who', kind: 'Person', name: '架空花子（架空）', nameFold: '架空花子(架空)', searchKey: '
架空花子(架空)
', sortKey: '架空花子(架空)', version: 1, visibility: 'PUBLIC', visibilityDefault: true});
MATCH (a:Record {id: 'c-contact'}), (b:Record {id: 'source'}) CREATE (a)-[:CITES {}]->(b);
MATCH (a:Record {id: 'c-open'}), (b:Record {id: 'source'}) CREATE (a)-[:CITES {}]->(b);
MATCH (a:Record {id: 'c-shut'}), (b:Record {id: 'source'}) CREATE (a)-[:CITES {}]->(b);
MATCH (a:Record {id: 'c-tie'}), (b:Record {id: 'source'}) CREATE (a)-[:CITES {}]->(b);
MATCH (a:Record {id: 'open'}), (b:Record {id: 'shut'}) CREATE (a)-[:KNOWS {id: 't-shut', version: 1, visibility: 'PUBLIC', visibilityDefault: true}]->(b);
MATCH (a:Record {id: 'open'}), (b:Record {id: 'who'}) CREATE (a)-[:KNOWS {id: 't-open', version: 1, visibility: 'PUBLIC', visibilityDefault: true}]->(b);
MATCH (a:Record {id: 'plan'}), (b:Record {id: 'inner'}) CREATE (a)-[:HAS_PARTY {position: 2}]->(b);
MATCH (a:Record {id: 'plan'}), (b:Record {id: 'open'}) CREATE (a)-[:HAS_PARTY {position: 0}]->(b);
MATCH (a:Record {id: 'plan'}), (b:Record {id: 'shut'}) CREATE (a)-[:HAS_PARTY {position: 1}]->(b);
