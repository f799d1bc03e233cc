// All deals of a company: its part, the other parties, size and stage
WITH 'Anthropic' AS company
MATCH (c:Entity {name: company})-[own:PARTY]->(d:Deal)
OPTIONAL MATCH (d)<-[other:PARTY]-(e:Entity) WHERE e <> c
WITH d, own, collect(e.name + ' (' + other.role + ')') AS others
RETURN own.role AS part, others, d.kind AS kind, d.amount AS amount, d.stage AS stage,
       coalesce(d.announced, d.reported) AS date, d.id AS id
ORDER BY coalesce(d.amount_high, d.amount_low, 0) DESC, id;

// Who invested in whom (a picture)
MATCH investment = (investor:Entity)-[:INVESTED_IN]->(target:Entity)
RETURN investment LIMIT 200;

// The largest deals in dollars: "up to" counts by its upper figure, what was denied or called off is left out
MATCH (d:Deal {currency: 'USD'})
WHERE NOT d.stage IN ['denied', 'cancelled']
MATCH (e:Entity)-[p:PARTY]->(d)
WITH d, collect(e.name + ' (' + p.role + ')') AS parties
RETURN d.amount AS amount, d.kind AS kind, d.stage AS stage, parties, d.id AS id
ORDER BY coalesce(d.amount_high, d.amount_low, 0) DESC, id LIMIT 20;

// Chains of owners, two steps: who invested in, or holds a share of, one that itself does (a picture)
MATCH chain = (first:Entity)-[:INVESTED_IN|OWNS_STAKE]->(second:Entity)-[:INVESTED_IN|OWNS_STAKE]->(third:Entity)
WHERE first <> third
RETURN chain LIMIT 100;

// Statements of a company's deals, each with its sentence and its issue
WITH 'Anthropic' AS company
MATCH (:Entity {name: company})-[:PARTY]->(d:Deal)<-[:ABOUT]-(s:Statement)-[:STATED_IN]->(i:Issue)
RETURN DISTINCT d.name AS deal, s.subject AS subject, s.relation AS relation, s.object AS object, s.sentence AS sentence,
       i.title AS issue, i.publisher AS publisher, i.published AS published, s.id AS id
ORDER BY published, id;

// People of a company: who founded it, who works there
WITH 'Safe Superintelligence' AS company
MATCH (p:Person)-[r:FOUNDED|WORKS_AT]->(c:Entity {name: company})
RETURN p.name AS person, type(r) AS how, r.sentence AS sentence
ORDER BY person, how;

// Models and their scores, by benchmark
MATCH (m:Model)-[s:SCORED]->(b:Benchmark)
RETURN b.name AS benchmark, m.name AS model, s.value AS score, s.sentence AS sentence
ORDER BY benchmark, score DESC, model;

// Deals that are rumored or in talks
MATCH (e:Entity)-[p:PARTY]->(d:Deal)
WHERE d.stage IN ['rumored', 'in_talks']
WITH d, collect(e.name + ' (' + p.role + ')') AS parties
RETURN d.stage AS stage, d.kind AS kind, d.amount AS amount, parties, d.id AS id
ORDER BY coalesce(d.amount_high, d.amount_low, 0) DESC, id;

// Names that contain these words, by full text; write names with / : ( ) + - " in quotes: '"Kimi K2.6"'
CALL db.index.fulltext.queryNodes('entity_names', 'kimi OR claude') YIELD node, score
RETURN node.name AS name, node.type AS type, node.aliases AS aliases, node.id AS id, score
ORDER BY score DESC, id LIMIT 20;

// All around a company, its deals too (a picture)
WITH 'OpenAI' AS company
MATCH around = (:Entity {name: company})-[]-(:Entity|Deal|Metric)
RETURN around LIMIT 100;

// Money both ways: an investor that also sells to, buys from, lends to or licenses from the company it invested in
MATCH (investor:Entity)-[i:INVESTED_IN]->(target:Entity)
MATCH (investor)-[back:COMMITS_SPEND|LENT_TO|LICENSES]-(target)
RETURN DISTINCT investor.name AS investor, target.name AS target, i.amount AS invested, type(back) AS other,
       startNode(back).name AS payer, back.amount AS amount, i.sentence AS sentence, back.sentence AS other_sentence
ORDER BY investor, target, other;

// What each issue told: statements by relation
MATCH (i:Issue)<-[:STATED_IN]-(s:Statement)
WITH i, s.relation AS relation, count(*) AS statements ORDER BY statements DESC, relation
RETURN i.published AS published, i.publisher AS publisher, i.title AS title, sum(statements) AS statements,
       collect(relation + ' ' + statements) AS relations
ORDER BY published, title;
