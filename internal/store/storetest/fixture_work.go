package storetest

import "github.com/musubi-map/musubi/internal/network"

func work() []*network.Record {
	return []*network.Record{
		rec("Initiative", "i-salon", fields{"name": "語り場サロン", "nameKana": "かたりばさろん", "initiativeType": "PROGRAMME", "stage": "RUNNING", "targetFiscalYear": 2027,
			"stages":      []network.DatedValue{past("IDEA", "", "", "2021-04-01"), past("PROOF_OF_CONCEPT", "", "2021-04-01", "2022-02-01"), past("RUNNING", "", "2022-02-01", "")},
			"predecessor": "i-old", "area": "area-city", "parties": []string{"s-east", "c-admin", "c-career", "p-hana"}, "topics": []string{"topic-career"}}),
		rec("Initiative", "i-old", fields{"name": "旧サロン構想", "nameKana": "きゅうさろんこうそう", "initiativeType": "CONCEPT", "stage": "STALLED",
			"stages": []network.DatedValue{past("STALLED", "STAFF_SHORT|NO_BUDGET", "2019", "")}}),
		rec("Activity", "a-host", fields{"name": "会場運営", "nameKana": "かいじょううんえい", "initiative": "i-salon", "position": 1}),
		rec("Activity", "a-news", fields{"name": "広報", "nameKana": "こうほう", "initiative": "i-salon", "position": 2}),
		rec("Activity", "a-loose", fields{"name": "記録", "nameKana": "きろく", "initiative": "i-salon"}),
		rec("RoleAssignment", "r-host", fields{"holder": "c-career", "activity": "a-host", "responsibility": "RESPONSIBLE", "status": "AGREED"}),
		rec("RoleAssignment", "r-chair", fields{"holder": "post-chair", "activity": "a-host", "responsibility": "ACCOUNTABLE"}),
		rec("RoleAssignment", "r-news", fields{"holder": "p-hana", "activity": "a-news", "responsibility": "RESPONSIBLE", "visibility": "COORDINATORS"}),
		rec("RoleAssignment", "r-desk", fields{"holder": "d-learn", "initiative": "i-salon", "function": "SECRETARIAT", "from": "FY2022"}),
		rec("RoleAssignment", "r-past", fields{"holder": "c-salt", "activity": "a-host", "responsibility": "RESPONSIBLE", "until": "2023"}),
		rec("Need", "n-east", fields{"stakeholder": "s-east", "topic": "topic-career", "description": "職業講話の講師", "from": "2023-04"}),
		rec("Need", "n-inn", fields{"stakeholder": "s-inn", "topic": "topic-work"}),
		rec("Need", "n-hidden", fields{"stakeholder": "s-inn", "topic": "topic-career", "visibility": "RESTRICTED"}),
		rec("Offer", "of-jun", fields{"stakeholder": "p-jun", "topic": "topic-career", "from": "2022"}),
		rec("Hearing", "h-east", fields{"name": "東小聞き取り", "date": "2023-08", "participants": []string{"s-east", "p-hana"}, "interviewers": []string{"p-jun"}, "initiative": "i-salon", "summary": "講師が足りない。\n来年度も続けたい。"}),
		rec("Event", "e-forum", fields{"name": "結びフォーラム", "nameKana": "むすびふぉーらむ", "date": "2024-03-10", "venue": "hub", "online": true, "attendance": 40, "organizers": []string{"d-learn"}, "initiative": "i-salon"}),
		rec("Event", "e-camp", fields{"name": "合宿", "nameKana": "がっしゅく", "date": "2023", "online": false}),
	}
}

func evidence() []*network.Record {
	return []*network.Record{
		rec("Source", "src-talk", fields{"name": "聞き取り記録", "sourceType": "HEARING", "date": "2023-08-22", "hearing": "h-east"}),
		rec("Source", "src-page", fields{"name": "会社のページ", "sourceType": "WEB_PAGE", "url": "https://lab.example"}),
		rec("Claim", "cl-five", fields{"record": "t-collab", "field": "strength", "value": "5", "source": "src-talk", "status": "CONFIRMED", "confidence": "HIGH", "date": "2023-08-22"}),
		rec("Claim", "cl-two", fields{"record": "t-collab", "field": "strength", "value": "2", "source": "src-page", "status": "DISPUTED", "confidence": "LOW", "date": "2023"}),
		rec("Claim", "cl-hidden", fields{"record": "t-collab", "field": "strength", "value": "1", "source": "src-page", "visibility": "RESTRICTED"}),
		rec("Claim", "cl-east", fields{"record": "s-east", "source": "src-talk", "saidBy": "校長"}),
	}
}

func edges() []*network.Record {
	return []*network.Record{
		tie("t-part", "PART_OF", "d-learn", "d-board", fields{"from": "2023-04-01"}),
		tie("t-super", "SUPERVISES", "d-board", "s-east", nil),
		tie("t-collab", "COLLABORATES_WITH", "s-east", "c-career", fields{"strength": 5, "from": "2022-02-01", "status": "CONFIRMED", "lastContact": "2024-01"}),
		tie("t-collab2", "COLLABORATES_WITH", "c-career", "s-east", fields{"strength": 3, "from": "2023"}),
		tie("t-support", "SUPPORTS", "c-salt", "s-east", fields{"strength": 3, "from": "unknown", "doNotAsk": true}),
		tie("t-ended", "ADVISES", "p-jun", "s-east", fields{"strength": 4, "from": "2020-04-01", "until": "2023-04-01"}),
		tie("t-future", "HOSTS", "c-career", "s-east", fields{"strength": 2, "from": "2025-04-01"}),
		tie("t-unsure", "CONSULTS", "s-east", "p-jun", fields{"from": "2019", "until": "unknown"}),
		tie("t-hidden", "FUNDS", "c-salt", "s-east", fields{"strength": 1, "visibility": "COORDINATORS"}),
		tie("t-members", "REFERS_TO", "s-east", "c-members", fields{"visibility": "MEMBERS"}),
		tie("t-knows", "KNOWS", "p-hana", "p-taro", fields{"strength": 2}),
		tie("t-join", "MEMBER_OF", "c-salt", "k-eval", nil),
		tie("t-inn", "CONSULTS", "s-inn", "p-hana", fields{"strength": 4}),
		tie("t-run", "OPERATES", "c-career", "hub", nil),
		tie("t-admin", "SUPPORTS", "c-admin", "s-inn", fields{"strength": 5}),
	}
}
