BEGIN TRANSACTION;
CREATE TABLE acknowledgement (
	mail_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	sender TEXT NOT NULL, 
	domain TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	PRIMARY KEY (mail_id)
);
INSERT INTO "acknowledgement" VALUES('K2YS-6MN1','2026-11-30 00:45:28.981984','person1@example.org','example.org','K2YS-6MN1','where is parcel 1?');
INSERT INTO "acknowledgement" VALUES('K2GJ-5G66','2026-11-30 00:45:28.981984','person2@example.org','example.org','K2GJ-5G66','where is parcel 2?');
INSERT INTO "acknowledgement" VALUES('K277-V5Y5','2026-11-30 00:45:28.981984','person5@example.org','example.org','K277-V5Y5','where is parcel 5?');
INSERT INTO "acknowledgement" VALUES('K2HP-TXZS','2026-11-30 00:45:28.981984','person6@example.org','example.org','K2HP-TXZS','where is parcel 6?');
INSERT INTO "acknowledgement" VALUES('K2DK-HDMK','2026-11-30 00:45:29.636078','person7@example.org','example.org','K2DK-HDMK','where is parcel 7?');
INSERT INTO "acknowledgement" VALUES('K2H5-7B8V','2026-11-30 00:45:29.636078','person8@example.org','example.org','K2H5-7B8V','where is parcel 8?');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0011');
CREATE TABLE article_offer (
	mail_id TEXT NOT NULL, 
	article TEXT NOT NULL, 
	language TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	wrote_again DATETIME, 
	PRIMARY KEY (mail_id, article)
);
INSERT INTO "article_offer" VALUES('K2GJ-5G66','track-your-parcel','en','K2GJ-5G66','2026-11-30 00:45:28.981984',NULL);
INSERT INTO "article_offer" VALUES('K2H5-7B8V','track-your-parcel','en','K2H5-7B8V','2026-11-30 00:45:29.636078',NULL);
CREATE TABLE bounce (
	address TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	status TEXT DEFAULT '' NOT NULL, 
	mail_id TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (address)
);
CREATE TABLE drift (
	at DATETIME NOT NULL, 
	model TEXT DEFAULT '' NOT NULL, 
	facts JSON NOT NULL, 
	PRIMARY KEY (at)
);
CREATE TABLE effect (
	"key" TEXT NOT NULL, 
	mail_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	next_try DATETIME, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, 
	message_id TEXT DEFAULT '' NOT NULL, 
	recipient TEXT DEFAULT '' NOT NULL, 
	location JSON, 
	details JSON NOT NULL, ticket TEXT DEFAULT '' NOT NULL, promised DATETIME, 
	PRIMARY KEY ("key")
);
INSERT INTO "effect" VALUES('K2YS-6MN1:acknowledge','K2YS-6MN1','acknowledge','done',1,NULL,'2026-11-30 00:45:28.981984','2026-11-30 00:45:29.054828','','<k2ys-6mn1.ack.dcb42b5077f9ecb5996c@firstline.example.com>','person1@example.org','null','{"template":"parcel-complaint","language":"en","topic":"parcel","ref":"K2YS-6MN1","ticket":true,"name":"Person 1","subject":"Where is parcel 1?","message_id":"<letter1@example.org>","references":[],"decided":"2026-11-30T00:45:28.973016+00:00","respond_by":"2026-11-30T17:00:00+00:00","resolve_by":"2026-12-04T17:00:00+00:00","grants":["voucher"],"articles":[],"mailbox":"support","sent_template":"neutral","sent_version":"c3a05890bee4","sent_language":"en"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K2YS-6MN1:mark:support:1795999528:1','K2YS-6MN1','mark','done',1,NULL,'2026-11-30 00:45:28.981985','2026-11-30 00:45:28.993306','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 1}','{}','','2026-11-30 00:45:28.981985');
INSERT INTO "effect" VALUES('K2YS-6MN1:file','K2YS-6MN1','file','waiting',0,NULL,'2026-11-30 00:45:28.981986','2026-11-30 00:45:29.691685','127.0.0.1:9: nothing listens there
  → check host and port, and whether the server runs','','','null','{"action": "open", "labels": [], "earlier": ""}','K2YS-6MN1','2026-11-30 00:45:28.981986');
INSERT INTO "effect" VALUES('K2GJ-5G66:acknowledge','K2GJ-5G66','acknowledge','done',1,NULL,'2026-11-30 00:45:28.981987','2026-11-30 00:45:29.054828','','<k2gj-5g66.ack.129afac8809f51b476da@firstline.example.com>','person2@example.org','null','{"template":"parcel","language":"en","topic":"parcel","ref":"K2GJ-5G66","ticket":false,"name":"Person 2","subject":"Where is parcel 2?","message_id":"<letter2@example.org>","references":[],"decided":"2026-11-30T00:45:28.973016+00:00","respond_by":"2026-11-30T17:00:00+00:00","resolve_by":"2026-12-04T17:00:00+00:00","grants":[],"articles":[{"name":"track-your-parcel","language":"en","title":"How to follow your parcel","link":"https://www.example.com/help/track-your-parcel"}],"mailbox":"support","sent_template":"neutral","sent_version":"c3a05890bee4","sent_language":"en"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K2GJ-5G66:mark:support:1795999528:2','K2GJ-5G66','mark','done',1,NULL,'2026-11-30 00:45:28.981988','2026-11-30 00:45:28.993306','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 2}','{}','','2026-11-30 00:45:28.981988');
INSERT INTO "effect" VALUES('K2YZ-GN5W:mark:support:1795999528:3','K2YZ-GN5W','mark','done',1,NULL,'2026-11-30 00:45:28.981989','2026-11-30 00:45:28.993306','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 3}','{}','','2026-11-30 00:45:28.981989');
INSERT INTO "effect" VALUES('K277-V5Y5:acknowledge','K277-V5Y5','acknowledge','done',1,NULL,'2026-11-30 00:45:28.981990','2026-11-30 00:45:29.054828','','<k277-v5y5.ack.887fcb7b577360533469@firstline.example.com>','person5@example.org','null','{"template":"parcel-complaint","language":"en","topic":"parcel","ref":"K277-V5Y5","ticket":true,"name":"Person 5","subject":"Where is parcel 5?","message_id":"<letter5@example.org>","references":[],"decided":"2026-11-30T00:45:28.973016+00:00","respond_by":"2026-11-30T17:00:00+00:00","resolve_by":"2026-12-04T17:00:00+00:00","grants":["voucher"],"articles":[],"mailbox":"support","sent_template":"neutral","sent_version":"c3a05890bee4","sent_language":"en"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K277-V5Y5:mark:support:1795999528:5','K277-V5Y5','mark','done',1,NULL,'2026-11-30 00:45:28.981991','2026-11-30 00:45:28.993306','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 5}','{}','','2026-11-30 00:45:28.981991');
INSERT INTO "effect" VALUES('K277-V5Y5:file','K277-V5Y5','file','intended',0,NULL,'2026-11-30 00:45:28.981992','2026-11-30 00:45:28.981992','','','','null','{"action": "open", "labels": [], "earlier": ""}','K277-V5Y5','2026-11-30 00:45:28.981992');
INSERT INTO "effect" VALUES('K2HP-TXZS:acknowledge','K2HP-TXZS','acknowledge','done',1,NULL,'2026-11-30 00:45:28.981993','2026-11-30 00:45:29.054828','','<k2hp-txzs.ack.d8d51d0ab6f6e14d1475@firstline.example.com>','person6@example.org','null','{"template":"parcel-complaint","language":"en","topic":"parcel","ref":"K2HP-TXZS","ticket":true,"name":"Person 6","subject":"Where is parcel 6?","message_id":"<letter6@example.org>","references":[],"decided":"2026-11-30T00:45:28.973016+00:00","respond_by":"2026-11-30T17:00:00+00:00","resolve_by":"2026-12-04T17:00:00+00:00","grants":["voucher"],"articles":[],"mailbox":"support","sent_template":"neutral","sent_version":"c3a05890bee4","sent_language":"en"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K2HP-TXZS:mark:support:1795999528:6','K2HP-TXZS','mark','done',1,NULL,'2026-11-30 00:45:28.981994','2026-11-30 00:45:28.993306','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 6}','{}','','2026-11-30 00:45:28.981994');
INSERT INTO "effect" VALUES('K2HP-TXZS:file','K2HP-TXZS','file','intended',0,NULL,'2026-11-30 00:45:28.981995','2026-11-30 00:45:28.981995','','','','null','{"action": "open", "labels": [], "earlier": ""}','K2HP-TXZS','2026-11-30 00:45:28.981995');
INSERT INTO "effect" VALUES('K277-V5Y5:comment:7','K277-V5Y5','file','intended',0,NULL,'2026-11-30 00:45:29.270519','2026-11-30 00:45:29.270519','','','',NULL,'{"action": "comment", "event": 7}','K277-V5Y5',NULL);
INSERT INTO "effect" VALUES('K2HP-TXZS:update:8','K2HP-TXZS','file','intended',0,NULL,'2026-11-30 00:45:29.311160','2026-11-30 00:45:29.311160','','','',NULL,'{"action": "update", "status": "waiting", "event": 8}','K2HP-TXZS',NULL);
INSERT INTO "effect" VALUES('K2YS-6MN1:update:9','K2YS-6MN1','file','intended',0,NULL,'2026-11-30 00:45:29.351954','2026-11-30 00:45:29.351954','','','',NULL,'{"action": "update", "status": "resolved", "event": 9}','K2YS-6MN1',NULL);
INSERT INTO "effect" VALUES('K277-V5Y5:moved:0','K277-V5Y5','notify','done',1,NULL,'2026-11-30 00:45:29.436023','2026-11-30 00:45:29.500632','','<k277-v5y5.n0.bfb246828237f5d55f5b@firstline.example.com>','person5@example.org','null','{"template":"moved","topic":"parcel","ref":"K277-V5Y5","ticket":true,"name":"Person 5","subject":"Where is parcel 5?","references":[],"decided":"2026-11-30T00:45:29.436023+00:00","mailbox":"support","language":"en","message_id":"<letter5@example.org>","status":"open","comment":"The carrier has it.","said_since":"2026-11-30T00:45:29.270519+00:00","said":[7],"due_by":"","closes_by":"","respond_by":"","resolve_by":"2026-12-04T17:00:00+00:00","auto_submitted":"auto-generated","sent_template":"moved","sent_version":"c7dd5ac6a818","sent_language":"en"}','K277-V5Y5','2026-11-30 00:45:29.436023');
INSERT INTO "effect" VALUES('K2HP-TXZS:moved:0','K2HP-TXZS','notify','done',1,NULL,'2026-11-30 00:45:29.436024','2026-11-30 00:45:29.500632','','<k2hp-txzs.n0.ea65a10a0016942071ff@firstline.example.com>','person6@example.org','null','{"template":"moved","topic":"parcel","ref":"K2HP-TXZS","ticket":true,"name":"Person 6","subject":"Where is parcel 6?","references":[],"decided":"2026-11-30T00:45:29.436023+00:00","mailbox":"support","language":"en","message_id":"<letter6@example.org>","status":"waiting","comment":"","said_since":"","said":[],"due_by":"","closes_by":"","respond_by":"","resolve_by":"","auto_submitted":"auto-generated","sent_template":"moved","sent_version":"c7dd5ac6a818","sent_language":"en"}','K2HP-TXZS','2026-11-30 00:45:29.436024');
INSERT INTO "effect" VALUES('K2YS-6MN1:moved:0','K2YS-6MN1','notify','done',1,NULL,'2026-11-30 00:45:29.436025','2026-11-30 00:45:29.500632','','<k2ys-6mn1.n0.ca52ab3f438c12a1f0c8@firstline.example.com>','person1@example.org','null','{"template":"moved","topic":"parcel","ref":"K2YS-6MN1","ticket":true,"name":"Person 1","subject":"Where is parcel 1?","references":[],"decided":"2026-11-30T00:45:29.436023+00:00","mailbox":"support","language":"en","message_id":"<letter1@example.org>","status":"resolved","comment":"","said_since":"","said":[],"due_by":"","closes_by":"","respond_by":"","resolve_by":"","auto_submitted":"auto-generated","sent_template":"moved","sent_version":"c7dd5ac6a818","sent_language":"en"}','K2YS-6MN1','2026-11-30 00:45:29.436025');
INSERT INTO "effect" VALUES('K2YS-6MN1:survey:csat','K2YS-6MN1','survey','done',1,NULL,'2026-11-30 00:45:29.456308','2026-11-30 00:45:29.525494','','<k2ys-6mn1.csat.2640a9383e9fab2ab87e@firstline.example.com>','person1@example.org','null','{"language":"en","topic":"parcel","name":"Person 1","subject":"Where is parcel 1?","message_id":"<letter1@example.org>","references":[],"mailbox":"support","respond_by":"","resolve_by":"","grants":[],"articles":[],"template":"survey-csat","decided":"2026-11-30T00:45:29.456308+00:00","ref":"K2YS-6MN1","ticket":true,"auto_submitted":"auto-generated","survey":{"id":"K2YS-6MN1:csat","kind":"csat","expires":"2026-12-30T00:45:29.456308+00:00"},"sent_template":"survey-csat","sent_version":"d1a082eca7c3","sent_language":"en"}','','2026-11-30 00:45:29.456308');
INSERT INTO "effect" VALUES('K2DK-HDMK:acknowledge','K2DK-HDMK','acknowledge','waiting',0,NULL,'2026-11-30 00:45:29.636078','2026-11-30 00:45:29.681014','127.0.0.1:9: nothing listens there
  → check host and port, and whether the server runs','<k2dk-hdmk.ack.99e4fc57e0cf49cf15db@firstline.example.com>','person7@example.org','null','{"template": "parcel-complaint", "language": "en", "topic": "parcel", "ref": "K2DK-HDMK", "ticket": true, "name": "Person 7", "subject": "Where is parcel 7?", "message_id": "<letter7@example.org>", "references": [], "decided": "2026-11-30T00:45:29.628510+00:00", "respond_by": "2026-11-30T17:00:00+00:00", "resolve_by": "2026-12-04T17:00:00+00:00", "grants": ["voucher"], "articles": [], "mailbox": "support"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K2DK-HDMK:mark:support:1795999528:7','K2DK-HDMK','mark','done',1,NULL,'2026-11-30 00:45:29.636079','2026-11-30 00:45:29.645245','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 7}','{}','','2026-11-30 00:45:29.636079');
INSERT INTO "effect" VALUES('K2DK-HDMK:file','K2DK-HDMK','file','intended',0,NULL,'2026-11-30 00:45:29.636080','2026-11-30 00:45:29.636080','','','','null','{"action": "open", "labels": [], "earlier": ""}','K2DK-HDMK','2026-11-30 00:45:29.636080');
INSERT INTO "effect" VALUES('K2H5-7B8V:acknowledge','K2H5-7B8V','acknowledge','waiting',0,NULL,'2026-11-30 00:45:29.636081','2026-11-30 00:45:29.681014','127.0.0.1:9: nothing listens there
  → check host and port, and whether the server runs','<k2h5-7b8v.ack.d27d83d5ed57310c342f@firstline.example.com>','person8@example.org','null','{"template": "parcel", "language": "en", "topic": "parcel", "ref": "K2H5-7B8V", "ticket": false, "name": "Person 8", "subject": "Where is parcel 8?", "message_id": "<letter8@example.org>", "references": [], "decided": "2026-11-30T00:45:29.628510+00:00", "respond_by": "2026-11-30T17:00:00+00:00", "resolve_by": "2026-12-04T17:00:00+00:00", "grants": [], "articles": [{"name": "track-your-parcel", "language": "en", "title": "How to follow your parcel", "link": "https://www.example.com/help/track-your-parcel"}], "mailbox": "support"}','','2026-11-30 17:00:00.000000');
INSERT INTO "effect" VALUES('K2H5-7B8V:mark:support:1795999528:8','K2H5-7B8V','mark','done',1,NULL,'2026-11-30 00:45:29.636082','2026-11-30 00:45:29.645245','','','','{"mailbox": "support", "uidvalidity": 1795999528, "uid": 8}','{}','','2026-11-30 00:45:29.636082');
CREATE TABLE grant (
	mail_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	customer TEXT NOT NULL, 
	ticket TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (mail_id, name)
);
INSERT INTO "grant" VALUES('K2YS-6MN1','voucher','person1@example.org','K2YS-6MN1','2026-11-30 00:45:28.981984');
INSERT INTO "grant" VALUES('K277-V5Y5','voucher','person5@example.org','K277-V5Y5','2026-11-30 00:45:28.981984');
INSERT INTO "grant" VALUES('K2HP-TXZS','voucher','person6@example.org','K2HP-TXZS','2026-11-30 00:45:28.981984');
INSERT INTO "grant" VALUES('K2DK-HDMK','voucher','person7@example.org','K2DK-HDMK','2026-11-30 00:45:29.636078');
CREATE TABLE health (
	name TEXT NOT NULL, 
	last_pass DATETIME, 
	error TEXT DEFAULT '' NOT NULL, 
	since DATETIME, 
	PRIMARY KEY (name)
);
INSERT INTO "health" VALUES('run',NULL,'stopped','2026-11-30 00:45:28.534898');
INSERT INTO "health" VALUES('mailbox.support','2026-11-30 00:45:29.647307','',NULL);
INSERT INTO "health" VALUES('smtp','2026-11-30 00:45:29.528222','127.0.0.1:9: nothing listens there
  → check host and port, and whether the server runs','2026-11-30 00:45:29.682281');
INSERT INTO "health" VALUES('tracker.github',NULL,'127.0.0.1:9: nothing listens there
  → check host and port, and whether the server runs','2026-11-30 00:45:29.212731');
INSERT INTO "health" VALUES('reconcile','2026-11-30 00:45:29.215270','',NULL);
CREATE TABLE location (
	mailbox TEXT NOT NULL, 
	uidvalidity INTEGER NOT NULL, 
	uid INTEGER NOT NULL, 
	mail_id TEXT NOT NULL, 
	received DATETIME NOT NULL, 
	PRIMARY KEY (mailbox, uidvalidity, uid)
);
INSERT INTO "location" VALUES('support',1795999528,1,'K2YS-6MN1','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,2,'K2GJ-5G66','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,3,'K2YZ-GN5W','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,4,'K275-JM1H','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,5,'K277-V5Y5','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,6,'K2HP-TXZS','2026-11-30 00:45:28.000000');
INSERT INTO "location" VALUES('support',1795999528,7,'K2DK-HDMK','2026-11-30 00:45:29.000000');
INSERT INTO "location" VALUES('support',1795999528,8,'K2H5-7B8V','2026-11-30 00:45:29.000000');
CREATE TABLE mail (
	id TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	message_id TEXT DEFAULT '' NOT NULL, 
	thread TEXT NOT NULL, 
	ticket TEXT DEFAULT '' NOT NULL, 
	possibly_about TEXT DEFAULT '' NOT NULL, 
	mailbox TEXT DEFAULT '' NOT NULL, 
	sender TEXT DEFAULT '' NOT NULL, 
	sender_name TEXT DEFAULT '' NOT NULL, 
	customer TEXT DEFAULT '' NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	sent DATETIME, 
	received DATETIME NOT NULL, 
	recorded DATETIME NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	attachments JSON NOT NULL, 
	notes JSON NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	reasons JSON NOT NULL, 
	rules JSON NOT NULL, 
	topic TEXT, 
	topic_confidence FLOAT, 
	topic_sure BOOLEAN DEFAULT (false) NOT NULL, 
	sentiment TEXT, 
	sentiment_confidence FLOAT, 
	sentiment_sure BOOLEAN DEFAULT (false) NOT NULL, 
	complaint BOOLEAN, 
	complaint_confidence FLOAT, 
	complaint_sure BOOLEAN DEFAULT (false) NOT NULL, 
	complaint_suspected BOOLEAN DEFAULT (false) NOT NULL, 
	model TEXT DEFAULT '' NOT NULL, 
	decision JSON NOT NULL, 
	acknowledge BOOLEAN DEFAULT (false) NOT NULL, 
	only_recorded BOOLEAN DEFAULT (false) NOT NULL, 
	parked BOOLEAN DEFAULT (false) NOT NULL, 
	closed TEXT DEFAULT '' NOT NULL, 
	review BOOLEAN DEFAULT (false) NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, robot BOOLEAN DEFAULT false NOT NULL, labelled BOOLEAN DEFAULT false NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (content_hash)
);
INSERT INTO "mail" VALUES('K2YS-6MN1','2026-11-18 34f1aa1662aef287502be22e1f936fc02654a00cc81391b9566b7a47e332c4ae','<letter1@example.org>','K2YS-6MN1','K2YS-6MN1','','support','person1@example.org','Person 1','person1@example.org','Where is parcel 1?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped terrible annoyed useless','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'negative',1.0,1,1,1.0,1,1,'20261118T120100-00000001','{"template": "parcel-complaint", "ticket": "open", "to_check": false, "topic": "parcel", "complaint": true, "owner": "logistics@example.com", "grants": ["voucher"], "why": ["no rule speaks against an answer", "a complaint"]}',1,0,0,'',0,'',0,0);
INSERT INTO "mail" VALUES('K2GJ-5G66','2026-11-18 9024e5e9964f71585f735ae16e868ecce71246f27593b11a67196161cfd9979a','<letter2@example.org>','K2GJ-5G66','','','support','person2@example.org','Person 2','person2@example.org','Where is parcel 2?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped please could tell','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'neutral',1.0,1,0,1.0,1,0,'20261118T120100-00000001','{"template": "parcel", "ticket": "none", "to_check": false, "topic": "parcel", "complaint": false, "owner": "logistics@example.com", "grants": [], "why": ["no rule speaks against an answer"]}',1,0,0,'',0,'',0,0);
INSERT INTO "mail" VALUES('K2YZ-GN5W','2026-11-18 32c24f2bca4055c6527385f45e014b972ec885eea6ec21de8c1d286ca3444d89','<letter3@example.org>','K2YZ-GN5W','','','support','person3@example.org','Person 3','person3@example.org','Where is parcel 3?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped please could tell','en','[]','[]','silent','["auto-submitted"]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", true, "Auto-Submitted: auto-replied", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'neutral',1.0,1,0,1.0,1,0,'20261118T120100-00000001','{"template": "", "ticket": "none", "to_check": false, "topic": "parcel", "complaint": false, "owner": "logistics@example.com", "grants": [], "why": ["silent: auto-submitted"]}',0,0,0,'',0,'',1,0);
INSERT INTO "mail" VALUES('K275-JM1H','2026-11-18 49530b822a8d66c0a25924d129772d8c4c97099d153ec9442701a1eaf5f4f0f5','<letter4@example.org>','K275-JM1H','','','support','person4@example.org','Person 4','person4@example.org','Where is parcel 4?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped please could tell','en','[]','[]','park','["not-addressed"]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", true, "none of our addresses among the recipients", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'neutral',1.0,1,0,1.0,1,0,'20261118T120100-00000001','{"template": "", "ticket": "none", "to_check": false, "topic": "", "complaint": false, "owner": "", "grants": [], "why": ["a person looks first: not-addressed"]}',0,0,1,'',0,'',0,0);
INSERT INTO "mail" VALUES('K277-V5Y5','2026-11-18 ec7131f22ad5294f36e67159bd7dcaccdd1c769e90e5f4cf31e86d4fa0b8d014','<letter5@example.org>','K277-V5Y5','K277-V5Y5','','support','person5@example.org','Person 5','person5@example.org','Where is parcel 5?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped terrible annoyed useless','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'negative',1.0,1,1,1.0,1,1,'20261118T120100-00000001','{"template": "parcel-complaint", "ticket": "open", "to_check": false, "topic": "parcel", "complaint": true, "owner": "logistics@example.com", "grants": ["voucher"], "why": ["no rule speaks against an answer", "a complaint"]}',1,0,0,'',0,'',0,0);
INSERT INTO "mail" VALUES('K2HP-TXZS','2026-11-18 81dce99bf6d507a82193b9182ac54bc2e1d5e56aa98caed2820146a1bff23481','<letter6@example.org>','K2HP-TXZS','K2HP-TXZS','','support','person6@example.org','Person 6','person6@example.org','Where is parcel 6?','2026-11-18 12:00:00.000000','2026-11-30 00:45:28.000000','2026-11-30 00:45:28.981984','courier parcel doorstep tracking arrived shipped terrible annoyed useless','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'negative',1.0,1,1,1.0,1,1,'20261118T120100-00000001','{"template": "parcel-complaint", "ticket": "open", "to_check": false, "topic": "parcel", "complaint": true, "owner": "logistics@example.com", "grants": ["voucher"], "why": ["no rule speaks against an answer", "a complaint"]}',1,0,0,'',0,'',0,0);
INSERT INTO "mail" VALUES('K2DK-HDMK','2026-11-18 3e0ee5769fc9721c377c9ce2bbc46f3d81a239d4e92e7c234447bbb0246c076c','<letter7@example.org>','K2DK-HDMK','K2DK-HDMK','','support','person7@example.org','Person 7','person7@example.org','Where is parcel 7?','2026-11-18 12:00:00.000000','2026-11-30 00:45:29.000000','2026-11-30 00:45:29.636078','courier parcel doorstep tracking arrived shipped terrible annoyed useless','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'negative',1.0,1,1,1.0,1,1,'20261118T120100-00000001','{"template": "parcel-complaint", "ticket": "open", "to_check": false, "topic": "parcel", "complaint": true, "owner": "logistics@example.com", "grants": ["voucher"], "why": ["no rule speaks against an answer", "a complaint"]}',1,0,0,'',0,'',0,0);
INSERT INTO "mail" VALUES('K2H5-7B8V','2026-11-18 4c2a1e11b21b650438f57caed272781ff82eaa6b95ec1776c8d0921e422dadc2','<letter8@example.org>','K2H5-7B8V','','','support','person8@example.org','Person 8','person8@example.org','Where is parcel 8?','2026-11-18 12:00:00.000000','2026-11-30 00:45:29.000000','2026-11-30 00:45:29.636078','courier parcel doorstep tracking arrived shipped please could tell','en','[]','[]','answer','[]','[["1", "null-sender", "silent", "floor", false, "", false], ["2", "delivery-report", "silent", "floor", false, "", false], ["3", "read-receipt", "silent", "floor", false, "", false], ["4", "auto-submitted", "silent", "floor", false, "", false], ["5", "precedence-auto", "silent", "floor", false, "", false], ["5b", "precedence-bulk", "silent", "weak", false, "", false], ["6", "mailing-list", "silent", "weak", false, "", false], ["7", "response-suppressed", "silent", "weak", false, "", false], ["8", "robot-header", "silent", "weak", false, "", false], ["9", "our-own-mail", "silent", "floor", false, "", false], ["10", "own-address", "silent", "floor", false, "", false], ["11", "daemon-sender", "silent", "floor", false, "", false], ["11b", "robot-sender", "silent", "weak", false, "", false], ["12", "not-addressed", "park", "weak", false, "", false], ["13", "spam", "silent", "weak", false, "", false], ["14", "not-authentic", "park", "weak", false, "", false], ["15", "bounced-before", "silent", "floor", false, "", false], ["15b", "no-address", "silent", "floor", false, "", false], ["16", "limit-thread", "limit", "floor", false, "", false], ["16b", "limit-sender", "limit", "floor", false, "", false], ["16c", "limit-domain", "limit", "floor", false, "", false], ["16d", "limit-system", "limit", "floor", false, "", false], ["17", "same-subject", "limit", "weak", false, "", false], ["18", "thread-acknowledged", "silent", "floor", false, "", false], ["19", "too-old", "silent", "weak", false, "", false], ["19b", "first-run", "silent", "weak", false, "", false], ["19c", "thread-closed", "silent", "weak", false, "", false], ["20", "unreadable", "park", "weak", false, "", false], ["21", "out-of-office", "silent", "weak", false, "", false], ["22", "control-headers", "silent", "floor", false, "", false]]','parcel',1.0,1,'neutral',1.0,1,0,1.0,1,0,'20261118T120100-00000001','{"template": "parcel", "ticket": "none", "to_check": false, "topic": "parcel", "complaint": false, "owner": "logistics@example.com", "grants": [], "why": ["no rule speaks against an answer"]}',1,0,0,'',0,'',0,0);
CREATE TABLE mailbox (
	name TEXT NOT NULL, 
	uidvalidity INTEGER NOT NULL, 
	next_uid INTEGER NOT NULL, 
	first_uidnext INTEGER NOT NULL, doubtful_uidnext INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "mailbox" VALUES('support',1795999528,9,0,0);
CREATE TABLE opt_out (
	address TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (address)
);
CREATE TABLE promise (
	mail_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	number INTEGER DEFAULT '0' NOT NULL, 
	ticket TEXT DEFAULT '' NOT NULL, 
	given DATETIME NOT NULL, 
	due DATETIME NOT NULL, 
	kept DATETIME, 
	state TEXT NOT NULL, 
	told DATETIME, 
	warned DATETIME, 
	look DATETIME, 
	PRIMARY KEY (mail_id, kind, number)
);
INSERT INTO "promise" VALUES('K2YS-6MN1','respond',0,'K2YS-6MN1','2026-11-30 00:45:28.981984','2026-11-30 17:00:00.000000','2026-11-30 00:45:29.351954','kept',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2YS-6MN1','resolve',0,'K2YS-6MN1','2026-11-30 00:45:28.981984','2026-12-04 17:00:00.000000','2026-11-30 00:45:29.351954','kept',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2GJ-5G66','respond',0,'','2026-11-30 00:45:28.981984','2026-11-30 17:00:00.000000',NULL,'open',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K277-V5Y5','respond',0,'K277-V5Y5','2026-11-30 00:45:28.981984','2026-11-30 17:00:00.000000','2026-11-30 00:45:29.270519','kept',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K277-V5Y5','resolve',0,'K277-V5Y5','2026-11-30 00:45:28.981984','2026-12-04 17:00:00.000000',NULL,'open',NULL,NULL,'2026-12-03 15:00:00.000000');
INSERT INTO "promise" VALUES('K2HP-TXZS','respond',0,'K2HP-TXZS','2026-11-30 00:45:28.981984','2026-11-30 17:00:00.000000','2026-11-30 00:45:29.311160','kept',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2HP-TXZS','resolve',0,'K2HP-TXZS','2026-11-30 00:45:28.981984','2026-12-04 17:00:00.000000',NULL,'held',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2DK-HDMK','respond',0,'K2DK-HDMK','2026-11-30 00:45:29.636078','2026-11-30 17:00:00.000000',NULL,'open',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2DK-HDMK','resolve',0,'K2DK-HDMK','2026-11-30 00:45:29.636078','2026-12-04 17:00:00.000000',NULL,'open',NULL,NULL,NULL);
INSERT INTO "promise" VALUES('K2H5-7B8V','respond',0,'','2026-11-30 00:45:29.636078','2026-11-30 17:00:00.000000',NULL,'open',NULL,NULL,NULL);
CREATE TABLE raw (
	mail_id TEXT NOT NULL, 
	raw BLOB NOT NULL, 
	size INTEGER NOT NULL, 
	PRIMARY KEY (mail_id)
);
INSERT INTO "raw" VALUES('K2YS-6MN1',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A09696420414C616142436A484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2031203C706572736F6E31406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20313F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657231406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E6720617272697665642073686970706564207465727269626C6520616E6E6F796564207573656C6573730D0A',588);
INSERT INTO "raw" VALUES('K2GJ-5G66',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964207541696542536A484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2032203C706572736F6E32406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20323F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657232406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E672061727269766564207368697070656420706C6561736520636F756C642074656C6C0D0A',581);
INSERT INTO "raw" VALUES('K2YZ-GN5W',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964206D4C486442536A484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2033203C706572736F6E33406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20333F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657233406578616D706C652E6F72673E0D0A4175746F2D5375626D69747465643A206175746F2D7265706C6965640D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E672061727269766564207368697070656420706C6561736520636F756C642074656C6C0D0A',611);
INSERT INTO "raw" VALUES('K275-JM1H',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964203246596242696A484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2034203C706572736F6E34406578616D706C652E6F72673E0D0A546F3A20656C7365406578616D706C652E6E65740D0A5375626A6563743A2057686572652069732070617263656C20343F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657234406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E672061727269766564207368697070656420706C6561736520636F756C642074656C6C0D0A',578);
INSERT INTO "raw" VALUES('K277-V5Y5',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964206D4C315942696A484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2035203C706572736F6E35406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20353F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657235406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E6720617272697665642073686970706564207465727269626C6520616E6E6F796564207573656C6573730D0A',588);
INSERT INTO "raw" VALUES('K2HP-TXZS',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964207556695842696A484447764741514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3238202B303030300D0A46726F6D3A20506572736F6E2036203C706572736F6E36406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20363F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657236406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E6720617272697665642073686970706564207465727269626C6520616E6E6F796564207573656C6573730D0A',588);
INSERT INTO "raw" VALUES('K2DK-HDMK',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A096964206546703749436E484447764741514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3239202B303030300D0A46726F6D3A20506572736F6E2037203C706572736F6E37406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20373F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657237406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E6720617272697665642073686970706564207465727269626C6520616E6E6F796564207573656C6573730D0A',588);
INSERT INTO "raw" VALUES('K2H5-7B8V',X'52657475726E2D506174683A203C657665406578616D706C652E6F72673E0D0A44656C6976657265642D546F3A20667265736831406578616D706C652E636F6D0D0A52656365697665643A2066726F6D205B3132372E302E302E315D20285B3132372E302E302E315D290D0A09627920766D2077697468204C4D54500D0A09696420384A657349436E484447756C41514141672B7A4464510D0A0928656E76656C6F70652D66726F6D203C657665406578616D706C652E6F72673E290D0A09666F72203C667265736831406578616D706C652E636F6D3E3B204D6F6E2C203330204E6F7620323032362030303A34353A3239202B303030300D0A46726F6D3A20506572736F6E2038203C706572736F6E38406578616D706C652E6F72673E0D0A546F3A20737570706F7274406578616D706C652E636F6D0D0A5375626A6563743A2057686572652069732070617263656C20383F0D0A446174653A205765642C203138204E6F7620323032362031323A30303A3030202B303030300D0A4D6573736167652D49443A203C6C657474657238406578616D706C652E6F72673E0D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D227574662D38220D0A436F6E74656E742D5472616E736665722D456E636F64696E673A20376269740D0A4D494D452D56657273696F6E3A20312E300D0A0D0A636F75726965722070617263656C20646F6F727374657020747261636B696E672061727269766564207368697070656420706C6561736520636F756C642074656C6C0D0A',581);
CREATE TABLE survey (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	sent DATETIME, 
	expires DATETIME, 
	ticket TEXT DEFAULT '' NOT NULL, 
	thread TEXT DEFAULT '' NOT NULL, 
	mail_id TEXT DEFAULT '' NOT NULL, 
	customer TEXT DEFAULT '' NOT NULL, 
	topic TEXT DEFAULT '' NOT NULL, 
	owner TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	template TEXT DEFAULT '' NOT NULL, 
	complaint BOOLEAN DEFAULT false NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "survey" VALUES('K2YS-6MN1:csat','csat','sent','2026-11-30 00:45:29.456308','2026-11-30 00:45:29.525494','2026-12-30 00:45:29.456308','K2YS-6MN1','K2YS-6MN1','K2YS-6MN1','person1@example.org','parcel','logistics@example.com','en','en/neutral c3a05890bee4',1);
CREATE TABLE survey_answer (
	id INTEGER NOT NULL, 
	survey TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	score INTEGER, 
	text TEXT DEFAULT '' NOT NULL, 
	sentiment TEXT, 
	sentiment_confidence FLOAT, 
	channel TEXT NOT NULL, mail_id TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE template_source (
	hash TEXT NOT NULL, 
	source TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "template_source" VALUES('013456a10cdb24b3322b8336427eab5478fc5204969881b1f6c3ab3b7f2aa9fa','Subject: ¿Aún nos necesita? [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: We wait for the customer''s answer and will close the ticket.

{% extends "base.txt" %}
{% block body %}
Le preguntamos algo sobre {{ ref }} y aún no hemos recibido respuesta.

Si todavía nos necesita, basta con responder a este correo. Si no, daremos el
asunto por solucionado y lo cerraremos en este momento:
{{ closes_by }}.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('08b3631fc8e7243d23a68c3340bc60c8896afb94fdd7c0a55e286bc9b2fe5385','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about money we owe: when, how much, to which account.

{% extends "base.txt" %}
{% block body %}
Thank you for your message. It is about {{ topic }}, as we
understand it.

A colleague from accounts will check what has been paid back, when, and by
which route, and give you the exact state by
{{ respond_by }}.

In the meantime it can help to look at the statement of the account or
card you paid with, as refunds often go back that way. If you have not
told us the order number yet, reply with it, and nothing else: card
numbers and passwords do not belong in an e-mail.
{% endblock %}
');
INSERT INTO "template_source" VALUES('090e45db2c9830a11f289a4c34fa879b352507a8cace056499cf268b8c3fd027','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Praise that holds a complaint as well.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos molemmista: kauniista sanoistanne ja siitä, että kerroitte
avoimesti, mikä ei ollut hyvin.
{% endblock %}
{% block accept %}
Toinen ei korvaa toista. Jokin jäi puutteelliseksi, ja otamme sen yhtä
vakavasti kuin jos olisitte kirjoittanut vain siitä.
{% endblock %}
{% block apologise %}
Siitä osasta pyydämme anteeksi.
{% endblock %}
{% block act %}
Kiitokset viemme niille, jotka ovat ne ansainneet. Muun ottaa etusijalla
hoitaakseen kollegamme, joka selvittää, miten niin kävi ja mitä hyväksenne
voidaan nyt tehdä. Kaikki on koossa viitteellä {{ ref }}, joten kukaan ei
pyydä teitä kertomaan sitä uudelleen.
{% endblock %}
{% block respond %}
Hän kirjoittaa teille viimeistään {{ respond_by }}. Haluamme
saada asian selväksi viimeistään {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('0a4aef43515c2adb2bcaea72f5ee7fa2250784c908241d98b073efd86257e412','Subject: Suosittelisitteko meitä? [{{ ref }}]
Description: Asks whether the customer would recommend us.

{% extends "base.txt" %}
{% block body %}
Olette hiljattain ollut meihin yhteydessä. Meillä on yksi kysymys:

Kuinka todennäköisesti suosittelisitte meitä?
0 tarkoittaa: en lainkaan, 10: erittäin todennäköisesti.
{% if scores %}

Vastauksenne napsauttaminen riittää; vahvistatte sen avautuvalla sivulla:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Tai vastatkaa tähän sähköpostiin numerolla tai lauseella.
{% else %}

Vastaus tähän sähköpostiin riittää: numero tai lause.
{% endif %}
{% if stop_link %}

Jos ette halua, että kysymme uudelleen:
{{ stop_link }}
{% else %}

Jos ette halua, että kysymme uudelleen, vastatkaa sanalla STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('0b0247afbff4b5e29e00eaf850acf41124465dd527a06c1ac8e07430e01657b0','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about the act of paying: method, card declined, charged twice.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kerroitte, ettei maksunne mennyt niin kuin piti.
{% endblock %}
{% block accept %}
Maksamisen pitää onnistua, kerran ja oikealla summalla. Näin ei käynyt. On
hyvin ymmärrettävää, että se huolestuttaa, sillä kyse on teidän
rahoistanne.
{% endblock %}
{% block apologise %}
Esitämme teille anteeksipyyntömme.
{% endblock %}
{% block act %}
Vertaamme etusijalla sitä, mitä on veloitettu tai siirretty, siihen, mitä
piti maksaa, ja selvitämme erot kaikkien maksussa mukana olleiden kanssa.
Älkää maksako uudelleen, kun asia on vielä auki, ja jättäkää korttinumerot
pois sähköposteistanne.
{% endblock %}
{% block respond %}
Saatte tietää viimeistään {{ respond_by }}, missä maksunne
on, ja sen kertoo ihminen eikä kone. Haluamme korjata asian viimeistään
{{ resolve_by }}. Viite on molemmissa {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064','Description: The five steps of a complaint letter, and what is offered with the fourth.

{% extends "base.txt" %}
{% block body %}
{% block thank %}
{% endblock %}

{% block accept %}
{% endblock %}

{% block apologise %}
{% endblock %}

{% block act %}
{% endblock %}
{% block offer %}
{% for grant in grants %}
Además, queremos ofrecerle {{ grant }}.
Si lo acepta, basta con decirlo en respuesta a este correo.
{% endfor %}
{% endblock %}

{% block respond %}
{% endblock %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('0d3bd6d037df0286def2b05b6381dc531b8f41ca54ea8a52d26e819ebafd8735','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about an order that is still with us: placed, changed, confirmed.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por contarnos con tanta claridad qué ha salido mal con su pedido.
{% endblock %}
{% block accept %}
Hacer un pedido debería ser lo fácil. En su caso no lo ha sido, y ha
dedicado tiempo a algo que nos tocaba a nosotros hacer bien.
{% endblock %}
{% block apologise %}
Lo sentimos.
{% endblock %}
{% block act %}
Quienes se encargan de los pedidos se ocupan ya del suyo con prioridad. Lo
revisarán paso a paso, encontrarán dónde se torció y acordarán con usted
cómo arreglarlo. No tendrá que explicarlo otra vez.
{% endblock %}
{% block respond %}
Una persona le responderá a más tardar el {{ respond_by }},
y queremos tenerlo resuelto antes del {{ resolve_by }}. Si
necesita añadir algo, responda a este correo; todo queda reunido en la
referencia {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe','Description: The five steps of a complaint letter, and what is offered with the fourth.

{% extends "base.txt" %}
{% block body %}
{% block thank %}
{% endblock %}

{% block accept %}
{% endblock %}

{% block apologise %}
{% endblock %}

{% block act %}
{% endblock %}
{% block offer %}
{% for grant in grants %}
Besides, we would like to give you {{ grant }}.
If you accept it, just say so in a reply to this e-mail.
{% endfor %}
{% endblock %}

{% block respond %}
{% endblock %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('0f147f1fbe2c7f06d68cdf05115544c5e3839d2a51a69d384b1ea3ecd7abebc9','Subject: Würden Sie uns empfehlen? [{{ ref }}]
Description: Asks whether the customer would recommend us.

{% extends "base.txt" %}
{% block body %}
Sie hatten vor einiger Zeit mit uns zu tun. Wir haben eine Frage:

Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?
0 heißt gar nicht, 10 heißt sehr wahrscheinlich.
{% if scores %}

Ein Klick auf Ihre Antwort genügt; Sie bestätigen sie auf der Seite, die
sich öffnet:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Oder antworten Sie auf diese E-Mail mit einer Zahl oder einem Satz.
{% else %}

Eine Antwort auf diese E-Mail genügt: eine Zahl oder ein Satz.
{% endif %}
{% if stop_link %}

Wenn Sie nicht mehr gefragt werden möchten:
{{ stop_link }}
{% else %}

Wenn Sie nicht mehr gefragt werden möchten, antworten Sie mit dem Wort
STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('10c7f1ba2ad87b3051e326d9bffc3e078f76f6e1b5c919794b174344afdb6da2','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Thanks or a compliment, with no wish beside it.

{% extends "base.txt" %}
{% block body %}
über eine Nachricht wie Ihre freuen wir uns sehr. Herzlichen Dank!

Jemand aus dem Team liest sie persönlich und gibt sie an die weiter, denen
sie gilt; so etwas hören sie nicht alle Tage.

Zu tun gibt es für Sie nichts. Und sollte auch eine Frage dabei gewesen
sein, haben Sie die Antwort bis {{ respond_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57','Description: What every letter has: greeting, closing, and the line that a reply is recognised by.

{% block salutation %}
{% if name %}
Bonjour {{ name }},
{% else %}
Bonjour,
{% endif %}
{% endblock %}

{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}

En ce moment, nos bureaux sont fermés. Nous reprenons le
{{ opens }}.
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}

En attendant, ceci peut vous aider :
{% for article in articles %}
{{ article.title }}
{{ article.link }}
{% endfor %}
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}

Vous pouvez voir à tout moment où cela en est :
{{ status_link }}
{% endif %}
{% endblock %}

{% block closing %}
Cordialement
{{ signature }}
{% if company and company != signature %}
{{ company }}
{% endif %}
{% endblock %}

{% block footer %}
Merci de laisser cette ligne dans votre réponse :
{% if ticket %}Dossier{% else %}Référence{% endif %} {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('12c6fe58c8f9c65ee7113f93129ce288e4749f08f1080c101070ae4d5fe2436d','Subject: Wie waren wir? [{{ ref }}]
Description: Asks how satisfied the customer is, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Ihr Anliegen {{ ref }} ist, soweit wir wissen, erledigt. Wir möchten
daraus lernen und haben eine Frage:

Wie zufrieden sind Sie damit, wie wir es behandelt haben?
1 heißt gar nicht, 5 heißt sehr zufrieden.
{% if scores %}

Ein Klick auf Ihre Antwort genügt; Sie bestätigen sie auf der Seite, die
sich öffnet:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Oder antworten Sie auf diese E-Mail mit einer Zahl oder einem Satz.
{% else %}

Eine Antwort auf diese E-Mail genügt: eine Zahl oder ein Satz.
{% endif %}
{% if stop_link %}

Wenn Sie nicht mehr gefragt werden möchten:
{{ stop_link }}
{% else %}

Wenn Sie nicht mehr gefragt werden möchten, antworten Sie mit dem Wort
STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('137f1e0e57cbdf77d70faec1bfcd14bab61a11d08187f78dc761e2ef54ced204','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: A complaint that belongs to none of the other topics.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for speaking up instead of just turning away.
{% endblock %}
{% block accept %}
Something on our side was not as it should have been, and you were the one
who had to put up with it. There is nothing to argue about in that.
{% endblock %}
{% block apologise %}
We are sorry.
{% endblock %}
{% block act %}
Your message is read with priority, line by line. Whoever reads it finds
out who is responsible and stays in charge until that person has taken
over; with the reference {{ ref }} it cannot get lost between desks.
{% endblock %}
{% block respond %}
By {{ respond_by }} you will get an answer written for you.
Our aim is to have it resolved by {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('13a600d84f9aadb51cb82594540efb140cc2a4c8af1b5d6a350a6f0ffd16e131','<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ ref }}</title>
</head>
<body style="margin: 0; padding: 0; background: #ffffff;">
<div style="max-width: 36em; margin: 0 auto; padding: 24px 16px; color: #1f2328;
            font: 16px/1.5 -apple-system, ''Segoe UI'', Roboto, Helvetica, Arial, sans-serif;">
{% block salutation %}
{% if name %}
<p style="margin: 0 0 16px;">Bonjour <bdi>{{ name }}</bdi>,</p>
{% else %}
<p style="margin: 0 0 16px;">Bonjour,</p>
{% endif %}
{% endblock %}
{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}
<p style="margin: 0 0 16px;">
En ce moment, nos bureaux sont fermés. Nous reprenons le
{{ opens }}.
</p>
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}
<p style="margin: 0 0 16px;">En attendant, ceci peut vous aider :
{% for article in articles %}
<br><a href="{{ article.link }}">{{ article.title }}</a>
{% endfor %}
</p>
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}
<p style="margin: 0 0 16px;">Vous pouvez voir à tout moment où cela en est :
<br><a href="{{ status_link }}" style="overflow-wrap: anywhere;">{{ status_link }}</a>
</p>
{% endif %}
{% endblock %}
{% block closing %}
<p style="margin: 24px 0 0;">Cordialement<br>
{{ signature }}
{% if company and company != signature %}
<br>{{ company }}
{% endif %}
</p>
{% endblock %}
{% block footer %}
<p style="margin: 24px 0 0; padding: 12px 0 0; border-top: 1px solid #d0d7de; color: #57606a;
          font-size: 13px; overflow-wrap: anywhere;">
Merci de laisser cette ligne dans votre réponse :<br>
{% if ticket %}Dossier{% else %}Référence{% endif %} {{ ref }} · {{ token }}
</p>
{% endblock %}
</div>
</body>
</html>
');
INSERT INTO "template_source" VALUES('1620892e5130475a5abccce568d842820e66bc594e42e24001be1dcacee3c0ed','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Thanks or a compliment, with no wish beside it.

{% extends "base.txt" %}
{% block body %}
Tällaista viestiä on ilo saada. Lämmin kiitos!

Joku meistä lukee sen ja vie sen niille, joille se kuuluu; tällaista he
eivät kuule joka päivä.

Teidän ei tarvitse tehdä mitään. Ja jos mukana oli myös kysymys, saatte
siihen vastauksen viimeistään {{ respond_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('16eef03e8da2671aa4965e654ab30c33e0b942461f04993d2852e5901941af8c','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about ending a contract, calling off an order or a booking.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie klar sagen, was Sie beenden möchten und was dem im Weg
stand.
{% endblock %}
{% block accept %}
Von uns wegzukommen, muss so einfach sein, wie zu uns zu kommen. Für Sie
war es das nicht, und darum sollte niemand kämpfen müssen.
{% endblock %}
{% block apologise %}
Wir entschuldigen uns dafür, dass es erst diese Nachricht gebraucht hat.
{% endblock %}
{% block act %}
Sie liegt nun mit Vorrang, und mit dem Datum, an dem Sie geschrieben
haben, bei denen, die für Kündigungen zuständig sind. Dort wird geprüft,
was Sie wann verlangt haben und was davon liegen geblieben ist. Noch
einmal kündigen müssen Sie nicht.
{% endblock %}
{% block respond %}
Schriftlich und persönlich antworten wir Ihnen bis
{{ respond_by }}. Ganz erledigt sein soll es bis
{{ resolve_by }}. Falls Sie irgendwo danach gefragt werden:
Die Nummer ist {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('18cd98295c3c62f99cc5efe99dc6bd1e9173785d1b0f7914623c00bea729fc70','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about log-in, password, profile, newsletter, deletion of data.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne. Kirjasimme sen aiheeksi: {{ topic }}.

Katsomme tiliä ja kirjoitamme teille viimeistään
{{ respond_by }}, mitä on tehty tai mitä voitte itse tehdä.

Jos tilillä on eri sähköpostiosoite kuin tämä, kertokaa se
vastauksessanne. Älkää koskaan lähettäkö salasanaa tai kirjautumiskoodia,
älkää edes meille: emme kysy niitä. Ja jos epäilette, että joku muu pääsee
tilillenne, vaihtakaa salasana heti, jos se vielä onnistuu.
{% endblock %}
');
INSERT INTO "template_source" VALUES('196fabae1204421f773d17f0df436385fcf0b81f204e594d1a042315a4e7d9e1','Subject: Con retraso [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: To the chain: a promise is late.

{% extends "base.txt" %}
{% block salutation %}
Hola:
{% endblock %}
{% block body %}
{% if promise == ''respond'' %}
Se prometió una respuesta al cliente antes de:
{{ due_by }}.
{% else %}
Se prometió una solución al cliente antes de:
{{ due_by }}.
{% endif %}
{% if time_left %}
La promesa está a punto de incumplirse. Tiempo de trabajo restante:
{{ time_left }}.
{% else %}
La promesa no se ha cumplido.
{% endif %}

De: {{ customer_address }}
Asunto: {{ subject|truncate(60) }}

Este correo es automático. Trabaje en el caso en lugar de responder.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Caso {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6','Description: What every letter has: greeting, closing, and the line that a reply is recognised by.

{% block salutation %}
{% if name %}
Guten Tag {{ name }},
{% else %}
Guten Tag,
{% endif %}
{% endblock %}

{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}

Im Augenblick ist bei uns niemand im Dienst. Wir sind wieder da am
{{ opens }}.
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}

Das hilft Ihnen vielleicht schon weiter:
{% for article in articles %}
{{ article.title }}
{{ article.link }}
{% endfor %}
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}

Wie es steht, sehen Sie jederzeit hier:
{{ status_link }}
{% endif %}
{% endblock %}

{% block closing %}
Freundliche Grüße
{{ signature }}
{% if company and company != signature %}
{{ company }}
{% endif %}
{% endblock %}

{% block footer %}
Bitte lassen Sie diese Zeile stehen, wenn Sie antworten:
{% if ticket %}Vorgang{% else %}Nummer{% endif %} {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('1b3b65ca3de4038f41dd450e1d9173946ad3113430981068e4d4846a31430782','Subject: Clôturé [{{ ref }}]: {{ subject or ''votre message'' }}
Description: The ticket was closed because the customer did not answer.

{% extends "base.txt" %}
{% block body %}
Nous n''avons pas reçu de réponse de votre part et avons donc clôturé
{{ ref }}.

Si ce n''est pas réglé, écrivez-nous à nouveau ou répondez à cet e-mail :
quelqu''un l''examinera.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('1d50c4a3f974d952247725b5d72e55cd9a7f714374e41d551c6fbf92d4ec9f3b','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: None of the other topics: jobs, press, partners, lost property, too vague to tell.

{% extends "base.txt" %}
{% block body %}
Gracias por su mensaje. No encaja en ninguno de nuestros temas habituales
y preferimos no adivinar: alguien del equipo lo leerá y se lo llevará a
quien de verdad pueda ayudarle.

Tendrá respuesta, de una persona o de la otra, a más tardar el
{{ respond_by }}.

Si al final tiene que ver con un pedido o una factura, responda con el
número y llegará antes a su sitio.
{% endblock %}
');
INSERT INTO "template_source" VALUES('1d64a67289e412395a523d8767534419dfea10ce7c05b48455a98ee47baf220d','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base.txt" %}
{% block body %}
danke, dass Sie sich melden. Soweit wir sehen, geht es um
{{ topic }}.

Die Rechnungsstelle vergleicht sie mit dem, was bestellt und vereinbart
war, und schreibt Ihnen bis {{ respond_by }}. Ist eine Kopie
oder eine Korrektur fällig, kommt sie mit dieser Antwort.

Rechnungsnummer oder Datum helfen uns, das richtige Dokument zu finden.
Muss ein Name, eine Anschrift oder eine Steuernummer geändert werden,
antworten Sie uns bitte mit genau dem Wortlaut, der dort stehen soll.
{% endblock %}
');
INSERT INTO "template_source" VALUES('1eeab2ab22e807db4e0a5fe198d982452a09f791f538a725cf72be5ac6c63151','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: The topic is unsure, or it is perhaps a complaint. Must be right for every mail.

{% extends "base.txt" %}
{% block body %}
Merci de nous avoir écrit. Votre message nous est bien parvenu, sous la
référence {{ ref }}.

Une personne de notre équipe va le lire et vous répondra au plus tard le
{{ respond_by }}. D''ici là, vous n''avez rien d''autre à
faire.

Si vous souhaitez ajouter quelque chose, répondez simplement à cet
e-mail : votre ajout rejoindra votre premier message.
{% endblock %}
');
INSERT INTO "template_source" VALUES('1f78966e739213069d07ba5ee5007c3fdd7d75eef18f2645e4586f5fcd49c676','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Praise that holds a complaint as well.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci pour les deux : pour vos mots aimables, et pour votre franchise sur
ce qui n''allait pas.
{% endblock %}
{% block accept %}
L''un ne compense pas l''autre. Quelque chose n''a pas été à la hauteur, et
nous le prenons aussi au sérieux que si vous n''aviez écrit que pour cela.
{% endblock %}
{% block apologise %}
Pour cette partie, nous vous demandons de nous excuser.
{% endblock %}
{% block act %}
Vos compliments iront à celles et ceux qui les ont mérités. Le reste est
confié en priorité à une personne qui cherchera comment c''est arrivé et ce
que l''on peut faire maintenant pour vous. Tout est réuni sous la référence
{{ ref }} : on ne vous demandera pas de le raconter à nouveau.
{% endblock %}
{% block respond %}
Cette personne vous écrira au plus tard le {{ respond_by }}.
Nous voulons que ce soit réglé d''ici au {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('232cf206e2aa2f0f2395b5bcfadd318f47762376d3b4f167e40bc7413120fe51','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about money we owe: when, how much, to which account.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kirjoititte meille hyvityksestänne näin selvästi.
{% endblock %}
{% block accept %}
Kyse on teidän rahoistanne, eikä teidän olisi pitänyt joutua pyytämään
niitä. Se, että jouduitte, on meidän vastuullamme.
{% endblock %}
{% block apologise %}
Olemme pahoillamme, että saatoimme teidät tähän tilanteeseen.
{% endblock %}
{% block act %}
Kirjanpitomme tarkistaa nyt etusijalla, mitä on maksettu, milloin ja
minne, ja selvittää kaiken, mikä on vielä auki. Se, mitä kirjoititte,
riittää alkuun; älkää lähettäkö tili- tai korttitietoja sähköpostilla.
{% endblock %}
{% block respond %}
Saatte henkilökohtaisen vastauksen ja tarkat tiedot viimeistään
{{ respond_by }}. Haluamme saada asian päätökseen
viimeistään {{ resolve_by }}; siihen asti se löytyy
viitteellä {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('261fc1a4402cbddd55627bdc8538bf7ef6249b0d368a4a8f4a9a740f8106131b','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns geschrieben haben, was bei Ihrer Lieferung passiert
ist.
{% endblock %}
{% block accept %}
Sie haben sich auf uns verlassen, und der Weg bis zu Ihnen lief nicht so,
wie er hätte laufen müssen. Dem hinterherzulaufen, war nie Ihre Aufgabe.
{% endblock %}
{% block apologise %}
Dafür bitten wir Sie um Entschuldigung. Ganz gleich, wer am Steuer saß: Es
war unsere Lieferung.
{% endblock %}
{% block act %}
Ab jetzt laufen wir hinterher. Das Team für Lieferungen verfolgt
vorrangig, was unterwegs geschehen ist, und klärt es mit dem
Zustelldienst; Sie selbst brauchen sich dort nicht zu melden. Ist etwas
beschädigt angekommen, heben Sie bitte die Verpackung auf und antworten
Sie mit einem Foto davon.
{% endblock %}
{% block respond %}
Was wir herausgefunden haben, lesen Sie bis {{ respond_by }}
in einer persönlichen Antwort. Gelöst sein soll die Sache bis
{{ resolve_by }}. Ihre eine Nachricht genügt, sie liegt
unter {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('266e00e61b5a9ae1a4ae0de2f2614a4a055d5cbd75f205b4fd153dda3442031e','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about a website, app, device or software that does not work.

{% extends "base.txt" %}
{% block body %}
Merci de nous avoir signalé {{ topic }}.

Notre équipe technique va essayer de le reproduire et vous répondra au
plus tard le {{ respond_by }}.

Elle ira plus vite si vous nous envoyez quatre choses en réponse :
l''appareil, la version de l''application, du logiciel ou du système, ce que
vous faisiez juste avant, et le message d''erreur exact, si possible en
capture d''écran. En attendant, un redémarrage et la dernière mise à jour
valent la peine d''être essayés ; dites-nous si cela change quelque chose.
{% endblock %}
');
INSERT INTO "template_source" VALUES('29f54ad173f7a54a4b3b96d5dc9134cae185d4cbde6e874666604a5903d82696','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about an order that is still with us: placed, changed, confirmed.

{% extends "base.txt" %}
{% block body %}
Gracias por su mensaje sobre {{ topic }}.

Quienes se encargan de los pedidos mirarán cómo está y qué se puede
organizar o cambiar todavía. Se lo dirán a más tardar el
{{ respond_by }}.

Si en su mensaje no figuraba el número de pedido, responda con él y se
ahorrará una pregunta nuestra. Y si hay que cambiar algo, como la talla,
la cantidad o la dirección, escriba exactamente cómo tiene que quedar.
{% endblock %}
');
INSERT INTO "template_source" VALUES('2c11ee2e8129f4972b0ffe5b5a2a22ad8e3a114d52e5117630d934fef1a9a9e4','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about money we owe: when, how much, to which account.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht über {{ topic }}.

Unsere Buchhaltung prüft, was wann und auf welchem Weg erstattet wurde,
und teilt Ihnen den genauen Stand mit, spätestens
{{ respond_by }}.

Oft geht Geld auf demselben Weg zurück, auf dem bezahlt wurde; ein Blick
auf die Umsätze dieses Kontos oder dieser Karte kann sich also schon jetzt
lohnen. Falls wir Ihre Bestellnummer noch nicht kennen, antworten Sie
bitte nur mit ihr: Kartennummern und Passwörter gehören in keine E-Mail.
{% endblock %}
');
INSERT INTO "template_source" VALUES('2c469f2b47b2cef5259d9de34fb283728efd1e12c28cb9058ff3eead551fe8cd','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about sending goods back or exchanging them.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci d''avoir pris le temps de nous écrire à propos de ce retour.
{% endblock %}
{% block accept %}
Quand il faut renvoyer quelque chose, que cela soit au moins facile. Vous
n''en avez eu que des soucis, et ils ont commencé chez nous, pas chez vous.
{% endblock %}
{% block apologise %}
Nous vous prions de nous en excuser.
{% endblock %}
{% block act %}
Votre dossier est traité en priorité, sous la référence {{ ref }}, par les
personnes chargées des retours et des échanges. Elles vérifient ce qui
s''est passé et conviendront avec vous de la suite, de sorte que vous
n''ayez plus à vous en occuper qu''une seule fois. Gardez l''article
jusque-là ; s''il a un défaut, une photo en réponse à cet e-mail nous aide
à commencer.
{% endblock %}
{% block respond %}
Nous vous écrirons personnellement au plus tard le
{{ respond_by }}. Notre objectif est que tout soit terminé
d''ici au {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('2e67496c28cf6c932eca82090dae20b30a73e0f9b8dd10a7d8ac610160be2df4','Subject: ¿Nos recomendaría? [{{ ref }}]
Description: Asks whether the customer would recommend us.

{% extends "base.txt" %}
{% block body %}
Hace poco estuvo en contacto con nosotros. Tenemos una pregunta:

¿Qué probabilidad hay de que nos recomiende?
0 es ninguna, 10 es muy alta.
{% if scores %}

Basta un clic en su respuesta; la confirma en la página que se abre:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

O responda a este correo con un número o con una frase.
{% else %}

Basta con responder a este correo: un número o una frase.
{% endif %}
{% if stop_link %}

Si prefiere que no le preguntemos más:
{{ stop_link }}
{% else %}

Si prefiere que no le preguntemos más, responda con la palabra STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('2f810b6afb3a8e913f86a3a31be4440cf39f5ae6efe7f2fb278fa21b5d71c1b4','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base.txt" %}
{% block body %}
Merci de nous avoir contactés à propos de {{ topic }}.

Le service de facturation va la comparer avec ce qui a été commandé et
convenu, et vous écrira au plus tard le {{ respond_by }}.
S''il faut une copie ou une correction, vous la recevrez avec cette
réponse.

Le numéro ou la date de la facture nous aide à retrouver le bon document.
S''il faut changer un nom, une adresse ou un numéro de TVA, répondez-nous
avec le texte exact qui doit y figurer.
{% endblock %}
');
INSERT INTO "template_source" VALUES('31e0e4ce052d4a052600fa5d510a0ceff984a1ca92b42a82b34d623120772335','Subject: Avez-vous encore besoin de nous ? [{{ ref }}]: {{ subject or ''votre message'' }}
Description: We wait for the customer''s answer and will close the ticket.

{% extends "base.txt" %}
{% block body %}
Nous vous avons posé une question au sujet de {{ ref }} et n''avons pas encore
reçu de réponse.

Si vous avez encore besoin de nous, il suffit de répondre à cet e-mail.
Sinon, nous considérerons que c''est réglé et clôturerons la demande :
{{ closes_by }}.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('32cbd5b8579bd150038767c016e63c5ede006974b06700d763f6d81fea6c3b6c','Subject: Miten onnistuimme? [{{ ref }}]
Description: Asks how satisfied the customer is, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Asianne {{ ref }} on tietojemme mukaan hoidettu. Haluamme oppia siitä, ja
meillä on yksi kysymys:

Kuinka tyytyväinen olette siihen, miten hoidimme asian?
1 tarkoittaa: en lainkaan, 5: erittäin tyytyväinen.
{% if scores %}

Vastauksenne napsauttaminen riittää; vahvistatte sen avautuvalla sivulla:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Tai vastatkaa tähän sähköpostiin numerolla tai lauseella.
{% else %}

Vastaus tähän sähköpostiin riittää: numero tai lause.
{% endif %}
{% if stop_link %}

Jos ette halua, että kysymme uudelleen:
{{ stop_link }}
{% else %}

Jos ette halua, että kysymme uudelleen, vastatkaa sanalla STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('330704a0b7cbff8016985b7602ed0e7ec0075eb1371a22e0c3baeae12831c604','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por contarnos lo que ha pasado con su envío.
{% endblock %}
{% block accept %}
Usted confió en nosotros hasta la puerta de su casa, y no ha ido como
tenía que ir. Andar detrás del asunto nunca debió ser tarea suya.
{% endblock %}
{% block apologise %}
Le pedimos disculpas. Condujera quien condujera, el envío era nuestro.
{% endblock %}
{% block act %}
A partir de ahora vamos detrás nosotros, y con prioridad: el equipo de
envíos reconstruye lo que ocurrió por el camino y lo aclara con el
transportista, de modo que usted no tiene que llamarlo. Si algo llegó
dañado, guarde el embalaje y responda con una foto.
{% endblock %}
{% block respond %}
A más tardar el {{ respond_by }} le escribiremos
personalmente qué hemos averiguado, y antes del
{{ resolve_by }} queremos darle una solución. Con un mensaje
ha bastado; su referencia es {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('336540257f44bd4c29666a8ee87da5b8fb7427007231e2fd593bbfbbcf98c15e','Subject: Cerrado [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: The ticket was closed because the customer did not answer.

{% extends "base.txt" %}
{% block body %}
No hemos recibido respuesta suya, así que hemos cerrado {{ ref }}.

Si el asunto no está solucionado, escríbanos de nuevo o responda a este
correo, y una persona lo revisará.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('38e1b84bc793603d2839c7efaa5cee93136f43faf205214d920325b72b410014','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about a website, app, device or software that does not work.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kuvasitte meille, mikä ei toimi.
{% endblock %}
{% block accept %}
Tarvitsette sitä, ja se petti. Aikaa, joka teiltä siihen hukkui, ei olisi
pitänyt hukkua.
{% endblock %}
{% block apologise %}
Pyydämme anteeksi, ettette voinut luottaa siihen.
{% endblock %}
{% block act %}
Ilmoituksenne on etusijalla teknisellä tiimillämme, joka etsii syytä sen
pohjalta, mitä kirjoititte. Jos teillä on kuvakaappaus tai tiedätte
laitteen ja version, lähettäkää ne vastauksena; aloitamme kyllä ilmankin.
{% endblock %}
{% block respond %}
Saatte henkilökohtaisen vastauksen viimeistään
{{ respond_by }} ja samalla keinon kiertää ongelma, jos
sellainen on siihen mennessä tiedossa. Haluamme saada vian korjatuksi
viimeistään {{ resolve_by }}. Ilmoituksenne viite on
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('398ff3469e6e90c7fcf49186ea909d8232dc9802e40c2f9bb8000f8f239921f0','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: The topic is unsure, or it is perhaps a complaint. Must be right for every mail.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne. Se on tullut perille, ja sen viite on {{ ref }}.

Joku meistä lukee viestin ja vastaa teille henkilökohtaisesti viimeistään
{{ respond_by }}. Siihen asti teidän ei tarvitse tehdä
mitään.

Jos haluatte lisätä jotain, vastatkaa tähän viestiin, niin lisäys pysyy
yhdessä ensimmäisen viestinne kanssa.
{% endblock %}
');
INSERT INTO "template_source" VALUES('3ae065792474c504b82d70fa66b86741d05380c33a25f8e03c81f8cbe7cac0ff','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about the act of paying: method, card declined, charged twice.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns sagen, was bei Ihrer Zahlung nicht funktioniert hat.
{% endblock %}
{% block accept %}
Bezahlen muss klappen, und zwar genau einmal und mit dem richtigen Betrag.
Das hat es nicht. Dass Sie das beunruhigt, verstehen wir gut, es geht ja
um Ihr Geld.
{% endblock %}
{% block apologise %}
Wir bitten Sie dafür um Entschuldigung.
{% endblock %}
{% block act %}
Vorrangig wird nun verglichen, was abgebucht oder überwiesen wurde und was
fällig war, und jede Abweichung mit allen geklärt, die an der Zahlung
beteiligt waren. Zahlen Sie bitte nicht noch einmal, solange das offen
ist, und lassen Sie Kartennummern aus Ihren E-Mails heraus.
{% endblock %}
{% block respond %}
Wo Ihre Zahlung ist, erfahren Sie bis {{ respond_by }}, und
zwar von einem Menschen. Bis {{ resolve_by }} soll sie in
Ordnung gebracht sein. Für beides gilt die Nummer {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('3d3b5fabc1adb59c6f63652db968d730da067cf610ccb37eaff1e31182f02174','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: None of the other topics: jobs, press, partners, lost property, too vague to tell.

{% extends "base.txt" %}
{% block body %}
Thank you for your message. It does not belong to any of our usual
subjects, so we do not want to guess: a colleague will read it and take it
to the person who can really help.

That person, or the colleague, will write to you by
{{ respond_by }}.

If it has to do with an order or an invoice after all, a quick reply with
the number will bring it to the right desk sooner.
{% endblock %}
');
INSERT INTO "template_source" VALUES('3e4795dd5e4db3e6c0a09d35833abb94650d6b40c15d6a5f4cd3c2ab72888326','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base.txt" %}
{% block body %}
danke für Ihre Nachricht. Wir haben verstanden, dass es um
{{ topic }} geht.

Wir sehen uns die Sendungsdaten an und fragen beim Zustelldienst nach. Bis
{{ respond_by }} wissen Sie, wie es steht.

Wenn Bestell- oder Sendungsnummer in Ihrer Nachricht fehlten, schicken Sie
uns bitte eine davon als Antwort. Warten Sie auf ein Paket, fragen Sie
ruhig auch in der Nachbarschaft und sehen Sie nach, ob eine
Benachrichtigungskarte im Briefkasten liegt: So findet sich manches
wieder.
{% endblock %}
');
INSERT INTO "template_source" VALUES('4380f872e54978cb5d9144adcd9369d9d421ef6bad2db120fb59031a4c2b05dc','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about ending a contract, calling off an order or a booking.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci d''avoir dit clairement ce que vous voulez arrêter et ce qui y a fait
obstacle.
{% endblock %}
{% block accept %}
Nous quitter doit être aussi simple que de venir chez nous. Pour vous,
cela ne l''a pas été, et personne ne devrait avoir à se battre pour cela.
{% endblock %}
{% block apologise %}
Nous vous devons des excuses : il n''aurait pas dû falloir ce message.
{% endblock %}
{% block act %}
Il est maintenant, avec la date à laquelle vous l''avez écrit, entre les
mains des personnes chargées des résiliations, qui le traitent en
priorité. Elles vérifient ce que vous avez demandé, quand, et ce qui n''a
pas été fait. Vous n''avez pas à résilier une nouvelle fois.
{% endblock %}
{% block respond %}
Vous aurez une réponse écrite et personnelle au plus tard le
{{ respond_by }}. Nous voulons que tout soit terminé d''ici
au {{ resolve_by }}. Si l''on vous pose la question, la
référence est {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('44cba3904072f3c65384a7fe96904f36df3c073381ebb483e331e022a80afe0a','Subject: Cómo está su caso [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Answer to a customer who asks how it stands.

{% extends "base.txt" %}
{% block body %}
Nos ha preguntado cómo está {{ ref }}.

{% if status == ''waiting'' %}
Le hemos pedido algo y esperamos su respuesta. Basta con responder a este
correo.
{% elif status == ''resolved'' %}
Está resuelto. Si usted lo ve de otra manera, responda a este correo.
{% elif status == ''closed'' %}
Está cerrado. Si queda algo por hacer, escríbanos de nuevo.
{% elif status == ''active'' %}
Alguien está trabajando en ello.
{% else %}
Está en manos de las personas responsables. Nadie ha terminado todavía de
revisarlo.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Una persona le responderá antes de:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Queremos tenerlo resuelto antes de:
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('479ec149b32626b0ab7c656f90dec44df7d555c4eb32a19e2c1046c672fc43b0','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base.txt" %}
{% block body %}
Kiitos yhteydenotostanne. Aiheena on {{ topic }}, jos ymmärsimme
oikein.

Laskutuksemme vertaa sitä siihen, mitä on tilattu ja sovittu, ja
kirjoittaa teille viimeistään {{ respond_by }}. Jos
tarvitaan kopio tai korjaus, se tulee samassa vastauksessa.

Laskun numero tai päiväys auttaa meitä löytämään oikean laskun. Jos siinä
pitää muuttaa nimi, osoite tai verotunniste, lähettäkää vastauksena
täsmälleen se teksti, jonka laskussa kuuluu olla.
{% endblock %}
');
INSERT INTO "template_source" VALUES('47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba','Description: What every letter has: greeting, closing, and the line that a reply is recognised by.

{% block salutation %}
{% if name %}
Hei {{ name }},
{% else %}
Hei,
{% endif %}
{% endblock %}

{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}

Juuri nyt emme ole töissä. Palaamme
{{ opens }}.
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}

Tästä voi olla apua jo nyt:
{% for article in articles %}
{{ article.title }}
{{ article.link }}
{% endfor %}
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}

Tästä näette milloin tahansa, missä asia on menossa:
{{ status_link }}
{% endif %}
{% endblock %}

{% block closing %}
Ystävällisin terveisin
{{ signature }}
{% if company and company != signature %}
{{ company }}
{% endif %}
{% endblock %}

{% block footer %}
Jättäkää tämä rivi näkyviin, kun vastaatte:
{% if ticket %}Tapaus{% else %}Viite{% endif %} {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('499881f29a2f9a248ab704fb1b82c3b2f9e91269371e3e12e581f1e2c30f27e2','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about ending a contract, calling off an order or a booking.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne. Ymmärsimme, että sen aihe on {{ topic }}.

Viestin saapumisaika on kirjattu. Tarkistamme, minkä on määrä päättyä ja
mistä päivästä alkaen se on mahdollista, ja kirjoitamme siitä viimeistään
{{ respond_by }}.

Viestiä ei tarvitse lähettää uudelleen. Jos siitä ei selvinnyt, mitä
tilausta, varausta tai sopimusta tarkoitatte, vastatkaa sen numerolla ja
kertokaa myös toivomanne päivä, jos teillä on sellainen mielessä.
{% endblock %}
');
INSERT INTO "template_source" VALUES('4d7db650ac586807da845b4976029aea58b6f92cb92f0ec8a75c3838a82de818','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about what a product is, does, fits or costs, and its quality as such.

{% extends "base.txt" %}
{% block body %}
Merci pour {{ topic }}.

Une personne qui connaît bien le produit vous répondra au plus tard le
{{ respond_by }}.

Mieux nous savons ce que vous cherchez, plus la réponse vous sera utile :
le nom ou la référence de l''article, la taille ou la couleur, et l''usage
que vous voulez en faire. S''il en manquait dans votre message, répondez
simplement à celui-ci.
{% endblock %}
');
INSERT INTO "template_source" VALUES('4e292030c711fd3b688040db2b8faeb34e3b3b81c40005c24e5c4523013f8636','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about the act of paying: method, card declined, charged twice.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for telling us that your payment did not go the way it should.
{% endblock %}
{% block accept %}
Paying has to work, once and for the right amount. It did not. It is your
money, so of course that is worrying.
{% endblock %}
{% block apologise %}
We apologise for it.
{% endblock %}
{% block act %}
A colleague compares, with priority, what was taken or sent with what was
due, and takes up the difference with everyone who had a part in the
payment. Please do not pay a second time while this is open, and leave
card numbers out of your e-mails.
{% endblock %}
{% block respond %}
You will know where your payment is by {{ respond_by }},
from a person and not from a machine. By {{ resolve_by }} we
want it put right. The reference for both is {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('4f128db9151aaa22893922c12d0d65b2c6e8aa9e7add6cd8e0dbec29c0032121','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about log-in, password, profile, newsletter, deletion of data.

{% extends "base.txt" %}
{% block body %}
Gracias por su mensaje. Hemos entendido que se refiere a
{{ topic }}.

La revisaremos y le escribiremos a más tardar el
{{ respond_by }} qué se ha hecho o qué puede hacer usted.

Si la cuenta está registrada con otra dirección de correo, díganos cuál en
respuesta a este mensaje. No envíe nunca una contraseña ni un código de
acceso, tampoco a nosotros: no se los vamos a pedir. Y si cree que alguien
más puede entrar, cambie la contraseña cuanto antes, si todavía puede.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5031a6974431f72525429a4ebe865d88ec468f699113b87059b54f0d6fc6846a','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about the act of paying: method, card declined, charged twice.

{% extends "base.txt" %}
{% block body %}
We have your message about {{ topic }}. Thank you for it.

A colleague will look up how the payment stands on our side, whether it
has arrived, is still open or has only been reserved, and let you know by
{{ respond_by }}.

Please do not pay again before you have that answer. What helps us find it
is the amount, the date and the way you paid. Never send us card numbers,
PINs or codes; we do not need them for this.
{% endblock %}
');
INSERT INTO "template_source" VALUES('51e668bc3b44ef7dfb1bcaa648ae6ed0e518e5c833431bb985c80ba0670cc0ba','{% extends "base.html" %}
{% block body %}
<p style="margin: 0 0 16px;">
Gracias por escribirnos. Su mensaje ha llegado bien y tiene la referencia
{{ ref }}.
</p>
<p style="margin: 0 0 16px;">
Una persona de nuestro equipo lo leerá y le responderá a más tardar el
{{ respond_by }}. Hasta entonces no hace falta que haga nada
más.
</p>
<p style="margin: 0 0 16px;">
Si quiere añadir algo, basta con responder a este correo: quedará junto a
su primer mensaje.
</p>
{% endblock %}
');
INSERT INTO "template_source" VALUES('533c461c4adbb880d7b8f011b313f8e10b9aa49db41a2d6d70b774b33d416ac4','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about a website, app, device or software that does not work.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns beschreiben, was nicht funktioniert.
{% endblock %}
{% block accept %}
Sie brauchen es, und es hat Sie im Stich gelassen. Die Zeit, die Sie
darüber verloren haben, hätten Sie nicht verlieren dürfen.
{% endblock %}
{% block apologise %}
Bitte entschuldigen Sie, dass Sie sich darauf nicht verlassen konnten.
{% endblock %}
{% block act %}
Ihre Meldung liegt mit Vorrang bei unserer Technik, die von Ihrer
Beschreibung ausgehend die Ursache sucht. Wenn Sie ein Bildschirmfoto
haben oder Gerät und Version kennen, schicken Sie sie als Antwort; wir
fangen aber auch ohne an.
{% endblock %}
{% block respond %}
Bis {{ respond_by }} haben Sie eine persönliche Antwort und,
wenn wir bis dahin einen kennen, einen Weg um das Problem herum. Bis
{{ resolve_by }} wollen wir den Fehler behoben haben. Ihre
Meldung hat die Nummer {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('550d24e75235329de82a50bb429be634c1c4bcd24af19299deceea1f8cc6c6b8','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about an order that is still with us: placed, changed, confirmed.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir dit aussi clairement ce qui s''est mal passé avec votre
commande.
{% endblock %}
{% block accept %}
Commander devrait être le plus simple. Cela ne l''a pas été pour vous, et
vous y avez passé du temps alors que c''était à nous de faire les choses
correctement.
{% endblock %}
{% block apologise %}
Nous en sommes désolés.
{% endblock %}
{% block act %}
Les personnes responsables des commandes s''en occupent en priorité. Elles
vont reprendre la vôtre étape par étape, trouver où cela a coincé et voir
avec vous comment y remédier. Vous n''aurez pas à l''expliquer une seconde
fois.
{% endblock %}
{% block respond %}
Vous recevrez une réponse personnelle au plus tard le
{{ respond_by }}, et nous voulons que tout soit réglé d''ici
au {{ resolve_by }}. Pour ajouter un détail, répondez à cet
e-mail ; tout est réuni sous la référence {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c','Description: The five steps of a complaint letter, and what is offered with the fourth.

{% extends "base.txt" %}
{% block body %}
{% block thank %}
{% endblock %}

{% block accept %}
{% endblock %}

{% block apologise %}
{% endblock %}

{% block act %}
{% endblock %}
{% block offer %}
{% for grant in grants %}
Lisäksi haluamme antaa teille {{ grant }}.
Jos otatte sen vastaan, kertokaa siitä vastaamalla tähän viestiin.
{% endfor %}
{% endblock %}

{% block respond %}
{% endblock %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('5806d48fa9808810b97563271a975dc695f94998b20fd20bfb4ad2e4c853d29c','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about money we owe: when, how much, to which account.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns wegen Ihrer Erstattung so deutlich schreiben.
{% endblock %}
{% block accept %}
Es ist Ihr Geld, und Sie hätten uns darum nicht bitten müssen. Dass Sie es
doch tun mussten, liegt an uns.
{% endblock %}
{% block apologise %}
Es tut uns leid, dass wir Sie in diese Lage gebracht haben.
{% endblock %}
{% block act %}
Die Buchhaltung prüft jetzt vorrangig, was wann und wohin überwiesen
worden ist, und geht allem nach, was noch offen ist. Ihre Angaben reichen
für den Anfang; Karten- oder Bankdaten schicken Sie uns bitte nicht per
E-Mail.
{% endblock %}
{% block respond %}
Bis {{ respond_by }} bekommen Sie eine persönliche Antwort
mit den Tatsachen. Bis {{ resolve_by }} wollen wir die Sache
abgeschlossen haben. So lange finden Sie es unter {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('58f11f5d907c42b69565ae17cc369ec553e3b33e40ede8331c42a0da1a9ebc9b','Subject: Työstämme asiaanne yhä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: A promised time is missed: sent before it is over, with a new time if there is one.

{% extends "base.txt" %}
{% block body %}
Asiaanne {{ ref }} ei ole unohdettu. Työstämme sitä yhä.

Se vie kauemmin kuin luulimme, ja olemme siitä pahoillamme. Ilmoittamamme
aika oli: {{ due_by }}.

{% if respond_by or resolve_by %}
{% if respond_by %}
Vastaamme teille henkilökohtaisesti viimeistään:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Haluamme saada asian ratkaistuksi viimeistään:
{{ resolve_by }}.
{% endif %}
{% else %}
Emme halua luvata uutta aikaa, jota emme ehkä pysty pitämään. Asianne pysyy
avoinna, kunnes se on hoidettu, ja kuulette meistä heti, kun se etenee.
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('59146bd0d6829e64de0ec600c9997d4b2d317885019bc518fa25fec77275180e','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por avisarnos.
{% endblock %}
{% block accept %}
Una factura tiene que ser correcta y se tiene que entender. Que algo en
nuestros papeles no estaba en orden lo ha tenido que descubrir usted.
{% endblock %}
{% block apologise %}
Sentimos que haya tenido que repasar nuestras cuentas.
{% endblock %}
{% block act %}
Su mensaje pasa por delante en el equipo de facturación, que revisa el
documento línea por línea y lo compara con lo acordado. Consta con la
referencia {{ ref }} que usted lo ha señalado, así que no tendrá que
reclamarlo de nuevo.
{% endblock %}
{% block respond %}
Qué estaba mal y qué se sigue de ello se lo escribirá una persona de ese
equipo a más tardar el {{ respond_by }}. Todo debe quedar en
orden antes del {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('59c6f420869e38182285666f2793da3691a1f4e33eff8eabddd6cb951b4b6199','<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ ref }}</title>
</head>
<body style="margin: 0; padding: 0; background: #ffffff;">
<div style="max-width: 36em; margin: 0 auto; padding: 24px 16px; color: #1f2328;
            font: 16px/1.5 -apple-system, ''Segoe UI'', Roboto, Helvetica, Arial, sans-serif;">
{% block salutation %}
{% if name %}
<p style="margin: 0 0 16px;">Guten Tag <bdi>{{ name }}</bdi>,</p>
{% else %}
<p style="margin: 0 0 16px;">Guten Tag,</p>
{% endif %}
{% endblock %}
{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}
<p style="margin: 0 0 16px;">
Im Augenblick ist bei uns niemand im Dienst. Wir sind wieder da am
{{ opens }}.
</p>
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}
<p style="margin: 0 0 16px;">Das hilft Ihnen vielleicht schon weiter:
{% for article in articles %}
<br><a href="{{ article.link }}">{{ article.title }}</a>
{% endfor %}
</p>
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}
<p style="margin: 0 0 16px;">Wie es steht, sehen Sie jederzeit hier:
<br><a href="{{ status_link }}" style="overflow-wrap: anywhere;">{{ status_link }}</a>
</p>
{% endif %}
{% endblock %}
{% block closing %}
<p style="margin: 24px 0 0;">Freundliche Grüße<br>
{{ signature }}
{% if company and company != signature %}
<br>{{ company }}
{% endif %}
</p>
{% endblock %}
{% block footer %}
<p style="margin: 24px 0 0; padding: 12px 0 0; border-top: 1px solid #d0d7de; color: #57606a;
          font-size: 13px; overflow-wrap: anywhere;">
Bitte lassen Sie diese Zeile stehen, wenn Sie antworten:<br>
{% if ticket %}Vorgang{% else %}Nummer{% endif %} {{ ref }} · {{ token }}
</p>
{% endblock %}
</div>
</body>
</html>
');
INSERT INTO "template_source" VALUES('59d13790427f063eb06fb12663d9ae67283ed45440f9d844d0b686697d66b412','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about a website, app, device or software that does not work.

{% extends "base.txt" %}
{% block body %}
danke für Ihre Meldung. Es geht also um {{ topic }}.

Unsere Technik versucht, den Fehler nachzustellen, und antwortet Ihnen bis
{{ respond_by }}.

Schneller geht es, wenn Sie uns vier Dinge als Antwort schicken: das
Gerät, die Version der App, des Programms oder Systems, was Sie
unmittelbar davor getan haben, und die genaue Fehlermeldung, am besten als
Bildschirmfoto. Einen Versuch wert sind inzwischen ein Neustart und das
neueste Update. Schreiben Sie uns gern, wenn sich dadurch etwas ändert.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5abff2310f3e031d84c275266225b13c75387a05444ec609bc70fc18be8990ac','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about log-in, password, profile, newsletter, deletion of data.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht. Sie betrifft {{ topic }}, wenn wir
sie richtig verstehen.

Wir sehen uns das an und schreiben Ihnen bis
{{ respond_by }}, was erledigt ist oder was Sie selbst tun
können.

Läuft das Konto unter einer anderen E-Mail-Adresse als dieser, nennen Sie
sie uns bitte als Antwort. Schicken Sie nie ein Passwort oder einen
Anmeldecode, auch uns nicht: Wir fragen nicht danach. Und wenn Sie
vermuten, dass jemand anderes hineinkommt, ändern Sie Ihr Passwort am
besten sofort, sofern das noch geht.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5ad04ade2a8a5f8efeaaf6ecfc4ff2bea738b9b00870de4897d779b5f2f67705','Subject: Nous y travaillons encore [{{ ref }}]: {{ subject or ''votre message'' }}
Description: A promised time is missed: sent before it is over, with a new time if there is one.

{% extends "base.txt" %}
{% block body %}
Votre demande {{ ref }} n''est pas oubliée. Nous y travaillons encore.

Cela prend plus de temps que nous ne le pensions, et nous vous prions de
nous en excuser. Le moment que nous avions indiqué était
{{ due_by }}.

{% if respond_by or resolve_by %}
{% if respond_by %}
Une personne vous répondra d''ici
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Nous voulons l''avoir résolue d''ici
{{ resolve_by }}.
{% endif %}
{% else %}
Nous ne voulons pas indiquer un autre moment que nous risquerions de ne pas
tenir. Votre demande reste ouverte jusqu''à ce qu''elle soit réglée, et vous
aurez de nos nouvelles dès qu''elle avancera.
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('5b61546dbc2db80b09272a6acc829e19058cc3bae7066eeccaf0b29af1b445df','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base.txt" %}
{% block body %}
Thank you for writing. We have understood that this is about
{{ topic }}.

A colleague will look into it with the tracking details and the carrier,
and you will know by {{ respond_by }} how things stand.

If your message did not mention the order number or the tracking number,
please reply with one of them. If you are waiting for a parcel, it is also
worth asking the neighbours and looking for a card from the courier; quite
a few parcels turn up that way.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5bdda77dabaddfcd6d1099f7726053512be1190f8226d2457211e37218c47177','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about log-in, password, profile, newsletter, deletion of data.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por escribirnos sobre su cuenta.
{% endblock %}
{% block accept %}
La cuenta es suya. Debería poder entrar cuando quiera, y lo que usted ha
elegido o pedido debería cumplirse. Que no haya sido así es cosa nuestra.
{% endblock %}
{% block apologise %}
Sentimos los quebraderos de cabeza que le ha dado.
{% endblock %}
{% block act %}
Revisan su cuenta con prioridad personas que pueden ver qué ha fallado y
corregirlo. Tienen delante lo que usted cuenta, con la referencia
{{ ref }}, y no se lo harán repetir. No necesitan su contraseña: guárdela
para usted.
{% endblock %}
{% block respond %}
A más tardar el {{ respond_by }}, una de ellas le dirá qué
hemos encontrado. Nos damos de plazo hasta el
{{ resolve_by }} para que todo vuelva a estar como usted
quiere.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5c94c86dfa178e2dfc2a9c3d83ad50a016f7e5202c2d95b586d7ef5a859e1db4','Subject: Bientôt à échéance [{{ ref }}]: {{ subject or ''votre message'' }}
Description: To the owner: a promise is due soon, or a person has to decide about a quiet ticket.

{% extends "base.txt" %}
{% block salutation %}
Bonjour,
{% endblock %}
{% block body %}
{% if promise %}
{% if promise == ''respond'' %}
Une réponse a été promise à la personne d''ici
{{ due_by }}.
{% else %}
Une solution a été promise à la personne d''ici
{{ due_by }}.
{% endif %}
{% if time_left %}
Temps de travail restant : {{ time_left }}.
{% endif %}

Une réponse est donnée quand le ticket avance ou que la personne reçoit un
mot de nous ; une solution, quand le ticket est résolu.
{% else %}
La personne n''a pas répondu depuis longtemps. Ce ticket ne se clôture pas
tout seul : c''est à vous d''en décider.
{% endif %}

De: {{ customer_address }}
Objet: {{ subject|truncate(60) }}

Cet e-mail est automatique. Merci de traiter le ticket plutôt que d''y
répondre.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Dossier {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('5c9c157860963fdc5e399cc102111a527b025c3de3ef7c16becb5f1c041b790c','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about log-in, password, profile, newsletter, deletion of data.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir écrit à propos de votre compte.
{% endblock %}
{% block accept %}
Ce compte est le vôtre. Vous devriez y entrer quand vous le voulez, et vos
choix comme vos demandes devraient y être respectés. Il en a été
autrement, et la responsabilité en est la nôtre.
{% endblock %}
{% block apologise %}
Nous sommes désolés du tracas que cela vous a causé.
{% endblock %}
{% block act %}
Votre compte est examiné en priorité par des personnes qui peuvent voir ce
qui n''a pas fonctionné et le corriger. Elles ont votre récit sous les
yeux, référence {{ ref }}, et ne vous le feront pas répéter. Elles n''ont
pas besoin de votre mot de passe : gardez-le pour vous.
{% endblock %}
{% block respond %}
Au plus tard le {{ respond_by }}, l''une d''elles vous dira ce
que nous avons trouvé. Nous nous donnons jusqu''au
{{ resolve_by }} pour que tout soit de nouveau comme vous le
souhaitez.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5cdd42c85dd6654bc0dd265a16a8076ec1a2b0ec0f8accc4e098a7ce61a35265','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Thanks or a compliment, with no wish beside it.

{% extends "base.txt" %}
{% block body %}
What a pleasure to get a message like yours. Thank you!

A colleague will read it in person and pass it on to the people it is
meant for; they do not hear such things every day.

There is nothing you need to do. And should there be a question in it as
well, you will have an answer by {{ respond_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5d710c832bc855e4d137ca97d0edc89253160cf3752d9e41578206bfe8531046','Subject: How it stands [{{ ref }}]: {{ subject or ''your message'' }}
Description: Answer to a customer who asks how it stands.

{% extends "base.txt" %}
{% block body %}
You asked how it stands with {{ ref }}.

{% if status == ''waiting'' %}
We have asked you for something and are waiting for your answer. A reply
to this e-mail is enough.
{% elif status == ''resolved'' %}
It is resolved. If you see that differently, reply to this e-mail.
{% elif status == ''closed'' %}
It is closed. If something is left to be done, write to us again.
{% elif status == ''active'' %}
Somebody is working on it.
{% else %}
It is with the people responsible. Nobody has finished looking at it yet.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
A person will answer you by
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
We want to have it resolved by
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('5df9db699c76649c1a9a1836ef5c819c4c99761cddd8c48676e1b74a228215d5','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about money we owe: when, how much, to which account.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for writing to us about your refund, and for putting it so
clearly.
{% endblock %}
{% block accept %}
This is about your money, and you should not have had to ask us for it.
That you did was our failing.
{% endblock %}
{% block apologise %}
We are sorry that we put you in this position.
{% endblock %}
{% block act %}
A colleague from accounts is now checking with priority what was sent,
when and where to, and will follow up whatever is still open. What you
have written is enough to begin with; please do not send any card or bank
details by e-mail.
{% endblock %}
{% block respond %}
You will get a personal answer with the facts by
{{ respond_by }}. We want to have the matter closed by
{{ resolve_by }}; until then you will find it under
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5ed5f8a1a87802fcf1bac6de34c533d9f6d330b766c497c028996bda6354cca1','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about what a product is, does, fits or costs, and its quality as such.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por decirnos con franqueza qué le parece el producto.
{% endblock %}
{% block accept %}
Lo eligió con buenos motivos y no es lo que tenía derecho a esperar de él.
Lo tomamos tal como usted lo dice.
{% endblock %}
{% block apologise %}
Lamentamos la decepción y le pedimos disculpas.
{% endblock %}
{% block act %}
Lo que ha escrito va con prioridad a las personas responsables de este
producto. Estudiarán el punto que señala y le propondrán cómo podemos
arreglarlo. Si tiene una foto o la referencia del artículo, puede
mandarlas en respuesta, pero no hace falta que escriba nada dos veces.
{% endblock %}
{% block respond %}
Tendrá noticias personales nuestras a más tardar el
{{ respond_by }}. Queremos haber encontrado una solución con
usted antes del {{ resolve_by }}. Su referencia es
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('5f8dc0d847dd4a090e2f830edda42dbbce112d1d3fbe00d64be670e4b317b5d2','Subject: How did we do? [{{ ref }}]
Description: Asks how satisfied the customer is, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Your request {{ ref }} is settled, as far as we know. We would like to learn
from it and have one question:

How satisfied are you with how we handled it?
1 is not at all, 5 is very satisfied.
{% if scores %}

One click on your answer is enough; you confirm it on the page that opens:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Or reply to this e-mail with a number or a sentence.
{% else %}

A reply to this e-mail is enough: a number, or a sentence.
{% endif %}
{% if stop_link %}

If you would rather not be asked again:
{{ stop_link }}
{% else %}

If you would rather not be asked again, reply with the word STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('622bc915c06aa3e3f9307f389914ccf28b15fba735e6f3ad891a535303bb67f1','Subject: Novedades [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: A person has moved the ticket or says something, or the customer came back to it.

{% extends "base.txt" %}
{% block body %}
{% if status == ''waiting'' %}
Para seguir con {{ ref }} necesitamos una respuesta suya. Basta con responder
a este correo; hasta entonces, los plazos quedan en suspenso.
{% elif status == ''resolved'' %}
Hemos resuelto {{ ref }}. Si usted lo ve de otra manera, responda a este
correo y quedará abierto de nuevo.
{% elif status == ''closed'' %}
Hemos cerrado {{ ref }}. Si queda algo por hacer, escríbanos de nuevo.
{% elif status == ''active'' %}
Alguien está trabajando ahora en {{ ref }}.
{% else %}
Su caso {{ ref }} está abierto, y sus mensajes están en manos de las personas
responsables.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Una persona le responderá antes de:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Queremos tenerlo resuelto antes de:
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('62f4ce9a531d06bf33d3242a22ad9f2396dba06621866e5b206936d28c102da2','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Praise that holds a complaint as well.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por las dos cosas: por sus amables palabras y por la sinceridad
con que nos dice lo que no estuvo bien.
{% endblock %}
{% block accept %}
Lo uno no compensa lo otro. Algo no ha estado a la altura, y lo tomamos
tan en serio como si solo hubiera escrito por eso.
{% endblock %}
{% block apologise %}
Por esa parte, le pedimos disculpas.
{% endblock %}
{% block act %}
Los elogios se los haremos llegar a quienes se los han ganado. De lo demás
se ocupa con prioridad una persona que averiguará cómo ocurrió y qué se
puede hacer ahora por usted. Todo está reunido en la referencia {{ ref }},
así que nadie le pedirá que lo cuente de nuevo.
{% endblock %}
{% block respond %}
Esa persona le escribirá a más tardar el {{ respond_by }}.
Queremos tenerlo aclarado antes del {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('633261b1380de36a074e47ff09782ebfd1ba63c1d2af3a2b462af2e43c62b81b','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for letting us know what happened with your delivery.
{% endblock %}
{% block accept %}
You relied on us for the way to your door, and it did not go as it should
have. Running after it should never have become your job.
{% endblock %}
{% block apologise %}
We apologise. Whoever was driving, the delivery was ours.
{% endblock %}
{% block act %}
From here on we do the running. A colleague for deliveries traces, with
priority, what happened on the way and clears it up with the carrier, so
you need not contact the carrier yourself. If something arrived damaged,
please keep the packaging and reply with a photo of it.
{% endblock %}
{% block respond %}
By {{ respond_by }} you will hear personally what we have
found, and by {{ resolve_by }} we want it solved. One
message was enough; it stands under {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6394c9fe829d022f8bdc0bff7bec9822c00ccb2c4f59662121fd0e61d7169800','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about the act of paying: method, card declined, charged twice.

{% extends "base.txt" %}
{% block body %}
Nous avons bien votre message au sujet de {{ topic }}, merci.

Nous allons regarder où il en est de notre côté (reçu, en attente ou
simplement réservé) et vous le dire au plus tard le
{{ respond_by }}.

Ne payez pas une seconde fois avant d''avoir cette réponse. Pour le
retrouver, le montant, la date et le moyen de paiement nous sont utiles.
En revanche, ne nous envoyez jamais de numéro de carte, de code secret ni
de code reçu par SMS : nous n''en avons pas besoin.
{% endblock %}
');
INSERT INTO "template_source" VALUES('64c079afe46f4c6436e6e18704df0e3e15c222c0fb2e2b3f027effbaa3f28dd0','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base.txt" %}
{% block body %}
Merci de nous avoir écrit. Si nous avons bien compris, il s''agit de
{{ topic }}.

Nous allons vérifier le suivi et interroger le transporteur. Vous saurez
où en sont les choses au plus tard le {{ respond_by }}.

Si votre message ne contenait ni numéro de commande ni numéro de suivi,
envoyez-nous l''un des deux en réponse. Si vous attendez un colis, pensez
aussi à demander à vos voisins et à chercher un avis de passage dans la
boîte aux lettres : bien des colis se retrouvent ainsi.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6550dde8b2ba392cdc74a0d18fb9b00a6f5b53e558dfd350a4ffbabc314cbb5d','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about sending goods back or exchanging them.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for taking the time to write to us about this return.
{% endblock %}
{% block accept %}
If something has to go back, that should at least be simple. You have had
trouble with it instead, and the trouble started with us and not with you.
{% endblock %}
{% block apologise %}
Please accept our apology for this.
{% endblock %}
{% block act %}
The team for returns and exchanges has your case on its desk with
priority, under {{ ref }}. It will check what happened and arrange with
you how it goes on, so that you have to deal with it only once more.
Please keep the item until then; if it is faulty, a photo in reply to this
e-mail helps us to get started.
{% endblock %}
{% block respond %}
We will write to you personally by {{ respond_by }}. The aim
is to have everything done by {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('65eb91f5341e7194e1aa7c58f9368fd52ccd7e59cd21fdef385aa27ea49f5918','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about a website, app, device or software that does not work.

{% extends "base.txt" %}
{% block body %}
Gracias por informarnos de {{ topic }}.

Nuestro equipo técnico intentará reproducirlo y le responderá a más tardar
el {{ respond_by }}.

Irá más rápido si nos responde con cuatro datos: el dispositivo, la
versión de la aplicación, del programa o del sistema, qué hizo justo antes
y el mensaje de error exacto, mejor en una captura de pantalla. Mientras
tanto, vale la pena probar a reiniciar y a instalar la última
actualización; cuéntenos si con eso cambia algo.
{% endblock %}
');
INSERT INTO "template_source" VALUES('65ec626289876a2363aa5e35362eafee91232b5fb0d5441193a7e798f5ea0463','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: The topic is unsure, or it is perhaps a complaint. Must be right for every mail.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht. Sie ist unter der Nummer {{ ref }} gut bei
uns angekommen.

Jemand aus unserem Team liest sie persönlich und antwortet Ihnen bis
{{ respond_by }}. Bis dahin brauchen Sie nichts weiter zu
tun.

Möchten Sie noch etwas ergänzen? Antworten Sie einfach auf diese E-Mail,
dann bleibt alles beisammen.
{% endblock %}
');
INSERT INTO "template_source" VALUES('682dba84fa2971417289b77f34645c97638678b75575a5e051678b8a73067f0d','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about sending goods back or exchanging them.

{% extends "base.txt" %}
{% block body %}
vielen Dank, Ihre Nachricht ist da. Es geht um {{ topic }}.

Wir sehen in der Bestellung nach und schreiben Ihnen, wie Rückgabe oder
Umtausch nun weitergeht, und zwar bis {{ respond_by }}.

Heben Sie bis dahin bitte alles auf, auch Verpackung und Zubehör, und
schicken Sie es noch nicht los. So lässt es sich bei uns gleich richtig
zuordnen. Stand nicht in Ihrer Nachricht, zu welcher Bestellung der
Artikel gehört und warum er zurücksoll, genügt uns eine Zeile als Antwort.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6a04d85fd6f7a9837dcc0dd31043d4d95fa3ef59a26ca7594d4b2b4778416ef7','Subject: Wir sind noch dran [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: A promised time is missed: sent before it is over, with a new time if there is one.

{% extends "base.txt" %}
{% block body %}
Ihr Anliegen {{ ref }} ist nicht vergessen. Wir arbeiten noch daran.

Es dauert länger, als wir dachten; das tut uns leid. Genannt hatten wir
diesen Zeitpunkt: {{ due_by }}.

{% if respond_by or resolve_by %}
{% if respond_by %}
Jemand aus unserem Team antwortet Ihnen bis
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Gelöst haben möchten wir es bis
{{ resolve_by }}.
{% endif %}
{% else %}
Einen weiteren Zeitpunkt, den wir vielleicht nicht halten, möchten wir nicht
nennen. Ihr Anliegen bleibt offen, bis es erledigt ist, und Sie hören von
uns, sobald sich etwas bewegt.
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('6a2f5a74f11ae9d89e08b63a8c471f53a707cc2f14d0b0bb4648cf0608555997','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about sending goods back or exchanging them.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por dedicar un momento a escribirnos sobre esta devolución.
{% endblock %}
{% block accept %}
Si hay que devolver algo, que al menos sea sencillo. A usted le ha dado
problemas, y esos problemas empezaron en nuestra casa, no en la suya.
{% endblock %}
{% block apologise %}
Le rogamos que nos disculpe.
{% endblock %}
{% block act %}
Su caso está, con prioridad y con la referencia {{ ref }}, en manos del
equipo de devoluciones y cambios. Comprobará qué ha pasado y acordará con
usted cómo seguir, de forma que solo tenga que ocuparse una vez más.
Guarde el artículo hasta entonces; si tiene un defecto, una foto en
respuesta a este correo nos ayuda a empezar.
{% endblock %}
{% block respond %}
Le escribiremos personalmente a más tardar el
{{ respond_by }}. El objetivo es que todo quede terminado
antes del {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6b075ec9a43832098da491a81719fe863d0dc4e6cf302dc7d4b943f4bfd1638b','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about money we owe: when, how much, to which account.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por escribirnos sobre su reembolso y por hacerlo con tanta
claridad.
{% endblock %}
{% block accept %}
Se trata de su dinero y no debería haber tenido que pedírnoslo. Que haya
tenido que hacerlo es responsabilidad nuestra.
{% endblock %}
{% block apologise %}
Sentimos mucho haberle puesto en esta situación.
{% endblock %}
{% block act %}
Contabilidad comprueba ahora con prioridad qué se envió, cuándo y adónde,
y hace el seguimiento de lo que siga pendiente. Para empezar basta con lo
que nos ha escrito; no envíe datos bancarios ni de tarjeta por correo, por
favor.
{% endblock %}
{% block respond %}
Tendrá una respuesta personal, con los datos concretos, a más tardar el
{{ respond_by }}. Queremos cerrarlo antes del
{{ resolve_by }}; hasta entonces lo encontrará con la
referencia {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6b466ba15ac437751b2662c85851e8e446d3436061e5f6adacb4ed1581fb3e74','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous l''avoir signalé.
{% endblock %}
{% block accept %}
Une facture doit être juste, et l''on doit comprendre ce qu''elle recouvre.
C''est vous qui avez dû constater que nos papiers n''étaient pas en ordre.
{% endblock %}
{% block apologise %}
Nous sommes désolés que vous ayez eu à vérifier à notre place.
{% endblock %}
{% block act %}
Votre message passe en priorité au service de facturation, qui reprend le
document ligne par ligne et le compare à ce qui était convenu. Votre
remarque est consignée sous la référence {{ ref }} ; vous n''aurez pas à la
refaire.
{% endblock %}
{% block respond %}
Une personne de ce service vous écrira ce qui n''allait pas et ce qui en
découle, au plus tard le {{ respond_by }}. Tout doit être en
règle d''ici au {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6b7cb35f17010997b4d89c78f009b74360ad6de585e48d3c517dc70c016ca86c','{% extends "base.html" %}
{% block body %}
<p style="margin: 0 0 16px;">
vielen Dank für Ihre Nachricht. Sie ist unter der Nummer {{ ref }} gut bei
uns angekommen.
</p>
<p style="margin: 0 0 16px;">
Jemand aus unserem Team liest sie persönlich und antwortet Ihnen bis
{{ respond_by }}. Bis dahin brauchen Sie nichts weiter zu
tun.
</p>
<p style="margin: 0 0 16px;">
Möchten Sie noch etwas ergänzen? Antworten Sie einfach auf diese E-Mail,
dann bleibt alles beisammen.
</p>
{% endblock %}
');
INSERT INTO "template_source" VALUES('6b88913581cd322e33666cfe3b66bbe73dd81d1aa253e20df938e840e3365778','Subject: Était-ce facile ? [{{ ref }}]
Description: Asks how easy it was for the customer, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Votre demande {{ ref }} est réglée, pour autant que nous sachions. Nous
aimerions en tirer des leçons et avons une question :

Vous avons-nous facilité les choses pour la régler ?
1 veut dire pas du tout, 7 tout à fait.
{% if scores %}

Un clic sur votre réponse suffit ; vous la confirmez sur la page qui
s''ouvre :
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Ou répondez à cet e-mail par un chiffre ou par une phrase.
{% else %}

Une réponse à cet e-mail suffit : un chiffre ou une phrase.
{% endif %}
{% if stop_link %}

Si vous préférez ne plus être interrogé :
{{ stop_link }}
{% else %}

Si vous préférez ne plus être interrogé, répondez par le mot STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('6e27fd958b9c3efe90216acd23462bab1de7d0e3d58c252a2c164bda68f9eb85','Subject: Oliko se helppoa? [{{ ref }}]
Description: Asks how easy it was for the customer, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Asianne {{ ref }} on tietojemme mukaan hoidettu. Haluamme oppia siitä, ja
meillä on yksi kysymys:

Kuinka helpoksi teimme asian hoitamisen teille?
1 tarkoittaa: ei lainkaan helpoksi, 7: erittäin helpoksi.
{% if scores %}

Vastauksenne napsauttaminen riittää; vahvistatte sen avautuvalla sivulla:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Tai vastatkaa tähän sähköpostiin numerolla tai lauseella.
{% else %}

Vastaus tähän sähköpostiin riittää: numero tai lause.
{% endif %}
{% if stop_link %}

Jos ette halua, että kysymme uudelleen:
{{ stop_link }}
{% else %}

Jos ette halua, että kysymme uudelleen, vastatkaa sanalla STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('6e469cd3388a78cbbb36a48ba0d73aa1a742be8ac99dd10d760ddbb48767a632','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about what a product is, does, fits or costs, and its quality as such.

{% extends "base.txt" %}
{% block body %}
vielen Dank für {{ topic }}.

Beantworten wird sie jemand, der das Produkt gut kennt, und zwar bis
{{ respond_by }}.

Je genauer wir wissen, worum es Ihnen geht, desto nützlicher wird die
Antwort: Name oder Artikelnummer, Größe oder Farbe, und was Sie damit
vorhaben. Hat davon etwas in Ihrer Nachricht gefehlt, antworten Sie
einfach auf diese E-Mail.
{% endblock %}
');
INSERT INTO "template_source" VALUES('6fbd735e3689f4322473c03865aac50660a9eac6ac2e51cb70198114fba308c6','Subject: Brauchen Sie uns noch? [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: We wait for the customer''s answer and will close the ticket.

{% extends "base.txt" %}
{% block body %}
wir haben Sie zu {{ ref }} etwas gefragt und noch keine Antwort bekommen.

Wenn Sie uns noch brauchen, genügt eine Antwort auf diese E-Mail. Sonst
nehmen wir an, dass sich die Sache erledigt hat, und schließen sie ab:
{{ closes_by }}.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('71d67822141178b4c2638b916b6f94350be7a92b30beaff2c9bde98e8d58907f','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about the act of paying: method, card declined, charged twice.

{% extends "base.txt" %}
{% block body %}
Ihre Nachricht ist da, vielen Dank. Es geht um {{ topic }}.

Wir sehen nach, wie es um die Zahlung steht: ob sie eingegangen, noch
offen oder nur vorgemerkt ist. Das wissen Sie bis
{{ respond_by }}.

Bitte zahlen Sie bis dahin kein zweites Mal. Zum Finden helfen uns Betrag,
Datum und Zahlungsweg. Kartennummern, PIN oder TAN brauchen wir dafür
nicht, schicken Sie uns so etwas bitte nie.
{% endblock %}
');
INSERT INTO "template_source" VALUES('72c990b925617271ec3270230e5af0012c6cdf8a53ce78ca322c7047f32662f5','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about ending a contract, calling off an order or a booking.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por decir con claridad qué quiere dar de baja y qué se lo ha
impedido.
{% endblock %}
{% block accept %}
Marcharse tiene que ser tan fácil como llegar. Para usted no lo ha sido, y
por algo así nadie debería tener que pelear.
{% endblock %}
{% block apologise %}
Le debemos una disculpa: este mensaje no tendría que haber hecho falta.
{% endblock %}
{% block act %}
Ya lo tienen, con prioridad y con la fecha en que lo escribió, quienes se
ocupan de las cancelaciones. Comprueban qué pidió, cuándo y qué se quedó
sin hacer. No tiene que cancelar de nuevo.
{% endblock %}
{% block respond %}
Le daremos una respuesta personal por escrito a más tardar el
{{ respond_by }}. Queremos que todo quede zanjado antes del
{{ resolve_by }}. Si alguien le pregunta por ello, la
referencia es {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('736ead2fc5a9aaf806b3d6338b00ed7f3581f860b0bffd8535b4bbb0542c616f','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about an order that is still with us: placed, changed, confirmed.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne. Ymmärsimme, että aiheena on {{ topic }}.

Tilauksia hoitavat kollegamme katsovat, missä vaiheessa asia on ja mitä
voidaan vielä järjestää tai muuttaa. Saatte tiedon viimeistään
{{ respond_by }}.

Jos viestissänne ei ollut tilausnumeroa, lähettäkää se vastauksena tähän,
niin meidän ei tarvitse kysyä sitä erikseen. Jos jotain pitää muuttaa,
esimerkiksi kokoa, määrää tai osoitetta, kirjoittakaa täsmälleen,
millainen tilauksen kuuluu olla.
{% endblock %}
');
INSERT INTO "template_source" VALUES('7540d99f2d324c32f11e97310f3a7570c2c4cfae904016858531c6c45a489a34','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about sending goods back or exchanging them.

{% extends "base.txt" %}
{% block body %}
Your message about {{ topic }} has arrived, thank you.

A colleague will check the order and send you the next steps for returning
or exchanging the item by {{ respond_by }}.

Until then, please keep the item with its packaging and all that came with
it, and wait with posting it, so that it can be matched to your name when
it gets here. If your message did not say which order it belongs to and
why it should go back, a one-line reply with both speeds things up.
{% endblock %}
');
INSERT INTO "template_source" VALUES('75f426691b37e76b8d346ae3e7f5a2e269199d3b6acad86adb34ae32189d3dfa','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about money we owe: when, how much, to which account.

{% extends "base.txt" %}
{% block body %}
Gracias por su mensaje. Si lo hemos entendido bien, trata de
{{ topic }}.

Contabilidad comprobará qué se ha devuelto, cuándo y por qué vía, y le
dirá exactamente cómo está, a más tardar el
{{ respond_by }}.

Los reembolsos suelen volver por donde se pagó, así que quizá le sirva
mirar ya los movimientos de esa cuenta o tarjeta. Si aún no tenemos su
número de pedido, responda solo con él: los números de tarjeta y las
contraseñas no deben ir en un correo.
{% endblock %}
');
INSERT INTO "template_source" VALUES('760850e19d16e1e91c4c84583b644674495ddced6047523a84b4b8a0ce65ce82','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about log-in, password, profile, newsletter, deletion of data.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kirjoititte meille asiakastilistänne.
{% endblock %}
{% block accept %}
Tili on teidän. Sinne pitäisi päästä silloin kun haluatte, ja sen, mitä
olette valinnut tai pyytänyt, pitäisi toteutua. Se, että kävi toisin, on
meidän vastuullamme.
{% endblock %}
{% block apologise %}
Olemme pahoillamme vaivasta, jota teillä on tästä ollut.
{% endblock %}
{% block act %}
Tiliänne tutkivat etusijalla ihmiset, jotka näkevät, mikä siinä on mennyt
vikaan, ja voivat korjata sen. Heillä on kertomanne edessään viitteellä
{{ ref }}, eikä sitä tarvitse toistaa. Salasanaanne he eivät tarvitse,
pitäkää se omana tietonanne.
{% endblock %}
{% block respond %}
Yksi heistä kertoo teille viimeistään {{ respond_by }}, mitä
löysimme. Tavoitteemme on, että kaikki on taas niin kuin haluatte
viimeistään {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('78b80592991303d40d6b6b2bae6b1217be37d6ebe2eafb0248f02988d17e84c6','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about an order that is still with us: placed, changed, confirmed.

{% extends "base.txt" %}
{% block body %}
Merci pour votre message au sujet de {{ topic }}.

Les personnes chargées des commandes vont regarder où elle en est et ce
qui peut encore être organisé ou modifié. Vous aurez leur réponse au plus
tard le {{ respond_by }}.

Si votre message n''indiquait pas le numéro de commande, répondez-nous avec
ce numéro : cela vous évitera une question. Et s''il faut changer quelque
chose, par exemple la taille, la quantité ou l''adresse, notez exactement
ce que vous souhaitez au final.
{% endblock %}
');
INSERT INTO "template_source" VALUES('7c695ad5bf5ce5b93924fd1f896448d82ab47347f90dea44ed7527db2df73d9a','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about sending goods back or exchanging them.

{% extends "base.txt" %}
{% block body %}
Ha llegado su mensaje sobre {{ topic }}, muchas gracias.

Miraremos el pedido y le enviaremos los pasos para la devolución o el
cambio a más tardar el {{ respond_by }}.

Mientras tanto, guarde el artículo con su embalaje y todo lo que traía, y
no lo envíe todavía: así sabremos que es suyo en cuanto llegue. Si su
mensaje no decía de qué pedido es y por qué quiere devolverlo, una línea
en respuesta nos ayuda a ir más deprisa.
{% endblock %}
');
INSERT INTO "template_source" VALUES('7e627cf92032f808dba364bb8bf341c130e6cf07370cfbca3d4eae2fb356f47b','{% extends "base.html" %}
{% block body %}
<p style="margin: 0 0 16px;">
Thank you for writing to us. Your message has arrived safely under the
reference {{ ref }}.
</p>
<p style="margin: 0 0 16px;">
Someone from our team will read it in person and answer you by
{{ respond_by }}. Until then there is nothing more you need
to do.
</p>
<p style="margin: 0 0 16px;">
If you would like to add something, simply reply to this e-mail, and it
will be kept together with your first message.
</p>
{% endblock %}
');
INSERT INTO "template_source" VALUES('7fee86ff022b112b324d26862e7f21111dac5e658e420e9cbacf8bd3bf1a96ae','Subject: Suljettu [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: The ticket was closed because the customer did not answer.

{% extends "base.txt" %}
{% block body %}
Emme saaneet teiltä vastausta, joten {{ ref }} on nyt suljettu.

Jos asia ei ole kunnossa, kirjoittakaa meille uudelleen tai vastatkaa tähän
viestiin, niin joku katsoo sen.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('84e6a7615a498d076e86945e55e4805b78873fc03b36ed6ff3d2876ab1d64240','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about the act of paying: method, card declined, charged twice.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir dit que votre paiement ne s''était pas passé comme il
le devait.
{% endblock %}
{% block accept %}
Payer doit fonctionner, une seule fois et pour le bon montant. Cela n''a
pas été le cas. Que cela vous inquiète est bien naturel, puisqu''il s''agit
de votre argent.
{% endblock %}
{% block apologise %}
Nous vous prions d''accepter nos excuses.
{% endblock %}
{% block act %}
Une personne compare en priorité ce qui a été prélevé ou viré avec ce qui
était dû, et éclaircit tout écart avec ceux qui ont pris part au paiement.
Tant que ce n''est pas réglé, ne payez pas une deuxième fois et n''écrivez
aucun numéro de carte dans vos e-mails.
{% endblock %}
{% block respond %}
Vous saurez où est votre paiement au plus tard le
{{ respond_by }}, par une personne et non par une machine.
D''ici au {{ resolve_by }}, nous voulons que ce soit
rectifié. Pour les deux, la référence est {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('859cec4cbfa9921afd7cbca86dfe6cd344f1ff3d55657835c1e2af3a4ee14d87','<!DOCTYPE html>
<html lang="fi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ ref }}</title>
</head>
<body style="margin: 0; padding: 0; background: #ffffff;">
<div style="max-width: 36em; margin: 0 auto; padding: 24px 16px; color: #1f2328;
            font: 16px/1.5 -apple-system, ''Segoe UI'', Roboto, Helvetica, Arial, sans-serif;">
{% block salutation %}
{% if name %}
<p style="margin: 0 0 16px;">Hei <bdi>{{ name }}</bdi>,</p>
{% else %}
<p style="margin: 0 0 16px;">Hei,</p>
{% endif %}
{% endblock %}
{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}
<p style="margin: 0 0 16px;">
Juuri nyt emme ole töissä. Palaamme
{{ opens }}.
</p>
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}
<p style="margin: 0 0 16px;">Tästä voi olla apua jo nyt:
{% for article in articles %}
<br><a href="{{ article.link }}">{{ article.title }}</a>
{% endfor %}
</p>
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}
<p style="margin: 0 0 16px;">Tästä näette milloin tahansa, missä asia on menossa:
<br><a href="{{ status_link }}" style="overflow-wrap: anywhere;">{{ status_link }}</a>
</p>
{% endif %}
{% endblock %}
{% block closing %}
<p style="margin: 24px 0 0;">Ystävällisin terveisin<br>
{{ signature }}
{% if company and company != signature %}
<br>{{ company }}
{% endif %}
</p>
{% endblock %}
{% block footer %}
<p style="margin: 24px 0 0; padding: 12px 0 0; border-top: 1px solid #d0d7de; color: #57606a;
          font-size: 13px; overflow-wrap: anywhere;">
Jättäkää tämä rivi näkyviin, kun vastaatte:<br>
{% if ticket %}Tapaus{% else %}Viite{% endif %} {{ ref }} · {{ token }}
</p>
{% endblock %}
</div>
</body>
</html>
');
INSERT INTO "template_source" VALUES('88e72ba6b4a02de1e2b6d0d1456cc2c5865b2273d8ac44c44196fd428b5673e7','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about sending goods back or exchanging them.

{% extends "base.txt" %}
{% block body %}
Votre message concernant {{ topic }} est bien arrivé, merci.

Nous allons vérifier la commande et vous indiquer les étapes du retour ou
de l''échange au plus tard le {{ respond_by }}.

En attendant, gardez l''article avec son emballage et ses accessoires, et
ne l''expédiez pas encore : il pourra ainsi être rattaché à votre nom dès
son arrivée. Si votre message ne précisait pas de quelle commande il
s''agit ni la raison du retour, une ligne en réponse nous fera gagner du
temps à tous.
{% endblock %}
');
INSERT INTO "template_source" VALUES('8a5130736ad054b54139147896d845034ebe4b373c61fc3e937a4ee1c46fa019','Subject: Late [{{ ref }}]: {{ subject or ''your message'' }}
Description: To the chain: a promise is late.

{% extends "base.txt" %}
{% block salutation %}
Hello,
{% endblock %}
{% block body %}
{% if promise == ''respond'' %}
The customer was promised an answer by
{{ due_by }}.
{% else %}
The customer was promised a solution by
{{ due_by }}.
{% endif %}
{% if time_left %}
It is about to be missed. Working time left:
{{ time_left }}.
{% else %}
It was missed.
{% endif %}

Customer: {{ customer_address }}
Subject: {{ subject|truncate(60) }}

This mail was sent automatically. Please work on the ticket instead of
answering.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Ticket {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('8a824407d261ea4342d8bdbf3b7c9cdabf568f5b9525b58b7d2aedc7d3208c69','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir raconté ce qui est arrivé avec votre livraison.
{% endblock %}
{% block accept %}
Vous comptiez sur nous jusqu''à votre porte, et cela ne s''est pas passé
comme il le fallait. Ce n''était pas à vous de courir après.
{% endblock %}
{% block apologise %}
Nous vous présentons nos excuses. Peu importe qui était au volant : cette
livraison était la nôtre.
{% endblock %}
{% block act %}
À partir de maintenant, c''est nous qui nous en chargeons, en priorité. Le
service des livraisons retrace ce qui s''est passé en chemin et s''en
explique avec le transporteur ; vous n''avez pas besoin de le contacter
vous-même. Si quelque chose est arrivé abîmé, gardez l''emballage et
répondez-nous avec une photo.
{% endblock %}
{% block respond %}
Au plus tard le {{ respond_by }}, une personne vous écrira
ce que nous avons trouvé ; d''ici au {{ resolve_by }}, nous
voulons une solution. Un seul message suffisait : il porte la référence
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('8a9f4c1bf4a04eb85b8efb9c5a3bfed2432150ed6f55c6e2fa6cfffc5389ef21','Subject: Vence pronto [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: To the owner: a promise is due soon, or a person has to decide about a quiet ticket.

{% extends "base.txt" %}
{% block salutation %}
Hola:
{% endblock %}
{% block body %}
{% if promise %}
{% if promise == ''respond'' %}
Se prometió una respuesta al cliente antes de:
{{ due_by }}.
{% else %}
Se prometió una solución al cliente antes de:
{{ due_by }}.
{% endif %}
{% if time_left %}
Tiempo de trabajo restante: {{ time_left }}.
{% endif %}

Una respuesta se da por cumplida cuando el caso avanza o se le dice algo al
cliente; una solución, cuando el caso está resuelto.
{% else %}
El cliente no ha respondido desde hace mucho. Este caso no se cierra solo:
decida usted si se cierra.
{% endif %}

De: {{ customer_address }}
Asunto: {{ subject|truncate(60) }}

Este correo es automático. Trabaje en el caso en lugar de responder.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Caso {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('8c6359ac0674670009f389d2e98ce1ded600d2c37b636e8d26474ac1daa0dad8','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about ending a contract, calling off an order or a booking.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for saying clearly what you want to end and what has got in the
way.
{% endblock %}
{% block accept %}
Leaving us has to be as simple as coming to us. For you it has not been,
and that is not a thing you should have to fight for.
{% endblock %}
{% block apologise %}
We apologise that it took this message from you.
{% endblock %}
{% block act %}
It now lies with priority with the colleagues responsible for
cancellations, together with the date on which you wrote. They check what
you asked for and when, and what has been left undone. You do not have to
cancel again.
{% endblock %}
{% block respond %}
You will have a written, personal answer by
{{ respond_by }}. We want all of it dealt with by
{{ resolve_by }}. If you are asked about it anywhere,
{{ ref }} is the reference.
{% endblock %}
');
INSERT INTO "template_source" VALUES('8ca54b4a776142fbb90bc4b0a3dab6c9938764a95f2a150f284545455562f0ec','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about money we owe: when, how much, to which account.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir écrit aussi clairement au sujet de votre
remboursement.
{% endblock %}
{% block accept %}
Il s''agit de votre argent, et vous n''auriez pas dû avoir à nous le
demander. Que vous ayez dû le faire est de notre fait.
{% endblock %}
{% block apologise %}
Nous regrettons sincèrement de vous avoir mis dans cette situation.
{% endblock %}
{% block act %}
La comptabilité vérifie maintenant, en priorité, ce qui a été versé, quand
et vers quel compte, et suit tout ce qui reste en suspens. Ce que vous
nous avez écrit suffit pour commencer ; n''envoyez pas de coordonnées
bancaires ni de numéro de carte par e-mail.
{% endblock %}
{% block respond %}
Vous aurez une réponse personnelle, avec les faits, au plus tard le
{{ respond_by }}. Nous voulons clore l''affaire d''ici au
{{ resolve_by }} ; jusque-là, sa référence est {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('8e945dc751f103328fc9d8bb7d5608cc0396212cf9511a6671a3e0a00e76e383','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base-complaint.txt" %}
{% block thank %}
danke für Ihren Hinweis.
{% endblock %}
{% block accept %}
Eine Rechnung muss stimmen, und man muss sehen, wofür sie ist. Dass in
unseren Unterlagen etwas nicht in Ordnung war, mussten Sie selbst
herausfinden.
{% endblock %}
{% block apologise %}
Es tut uns leid, dass Sie für uns nachrechnen mussten.
{% endblock %}
{% block act %}
Ihre Nachricht hat nun Vorrang in der Rechnungsstelle, die das Dokument
Posten für Posten mit dem Vereinbarten abgleicht. Dass Sie den Punkt
angesprochen haben, ist unter {{ ref }} festgehalten; Sie müssen ihn nicht
noch einmal vorbringen.
{% endblock %}
{% block respond %}
Was nicht gestimmt hat und was daraus folgt, schreibt Ihnen jemand von
dort bis {{ respond_by }}. Bis
{{ resolve_by }} soll alles stimmen.
{% endblock %}
');
INSERT INTO "template_source" VALUES('90cf9750afd3acb9d605dcd4be4c44fabdf4a2ee9f4e68e48b6a00591498c82f','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: The confirmation could not be sent in time, because our mail server was down.

{% extends "base.txt" %}
{% block body %}
Votre message nous est parvenu à temps, mais notre confirmation n''est pas
partie : pendant un moment, notre serveur ne pouvait plus rien envoyer.
Nous vous prions d''excuser ce retard.

Rien n''a été perdu. Votre message est chez nous, complet, sous la
référence {{ ref }}.

Le délai que nous nous sommes fixé pour une réponse personnelle est le
{{ respond_by }}. Si vous avez déjà reçu cette réponse, vous
pouvez laisser cet e-mail de côté. Si ce délai est passé sans nouvelles de
notre part, un mot en réponse à cet e-mail suffit ; inutile de tout
réécrire.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466','Description: The five steps of a complaint letter, and what is offered with the fourth.

{% extends "base.txt" %}
{% block body %}
{% block thank %}
{% endblock %}

{% block accept %}
{% endblock %}

{% block apologise %}
{% endblock %}

{% block act %}
{% endblock %}
{% block offer %}
{% for grant in grants %}
Außerdem möchten wir Ihnen {{ grant }} geben.
Ob Sie das annehmen, sagen Sie uns einfach als Antwort auf diese E-Mail.
{% endfor %}
{% endblock %}

{% block respond %}
{% endblock %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('92cdcf507f723ea0519e8cac0eab6879f9616f41a3af21e92084f326c7f1db00','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about what a product is, does, fits or costs, and its quality as such.

{% extends "base-complaint.txt" %}
{% block thank %}
danke für Ihre ehrliche Rückmeldung zu diesem Produkt.
{% endblock %}
{% block accept %}
Sie haben es sich mit gutem Grund ausgesucht, und es hält nicht, was Sie
davon erwarten durften. Das nehmen wir so, wie Sie es sagen.
{% endblock %}
{% block apologise %}
Es tut uns leid, dass es Sie enttäuscht hat.
{% endblock %}
{% block act %}
Was Sie schreiben, geht mit Vorrang an die Kolleginnen und Kollegen, die
für dieses Produkt verantwortlich sind. Sie gehen dem Punkt nach und
machen Ihnen einen Vorschlag, wie wir das wiedergutmachen. Ein Foto oder
die Artikelnummer können Sie gern nachreichen, doppelt schreiben müssen
Sie nichts.
{% endblock %}
{% block respond %}
Sie hören bis {{ respond_by }} persönlich von uns. Eine
Lösung wollen wir mit Ihnen bis {{ resolve_by }} gefunden
haben. Ihre Nummer dafür ist {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('937244fcf89bc2f64ba42b40538fee6080576dbea55c01f5f2022588fa503f04','Subject: ¿Qué tal lo hicimos? [{{ ref }}]
Description: Asks how satisfied the customer is, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Su solicitud {{ ref }} está resuelta, por lo que sabemos. Queremos aprender
de ella y tenemos una pregunta:

¿Está satisfecho con cómo la hemos atendido?
1 es nada, 5 es mucho.
{% if scores %}

Basta un clic en su respuesta; la confirma en la página que se abre:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

O responda a este correo con un número o con una frase.
{% else %}

Basta con responder a este correo: un número o una frase.
{% endif %}
{% if stop_link %}

Si prefiere que no le preguntemos más:
{{ stop_link }}
{% else %}

Si prefiere que no le preguntemos más, responda con la palabra STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('9733a355d5b32823855ded4aaaac547941621b254955c0c255a2f77123ed7faa','Subject: Abgeschlossen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: The ticket was closed because the customer did not answer.

{% extends "base.txt" %}
{% block body %}
wir haben keine Antwort von Ihnen bekommen und {{ ref }} deshalb
abgeschlossen.

Wenn die Sache nicht erledigt ist, schreiben Sie uns erneut oder antworten
Sie auf diese E-Mail; dann sieht sie sich jemand an.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('97deb2037c92644b3ccea07c44626268c3412169f7d02a62df7d9df7b58f2d8a','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: The confirmation could not be sent in time, because our mail server was down.

{% extends "base.txt" %}
{% block body %}
Viestinne tuli meille ajoissa, mutta vahvistuksemme ei lähtenyt:
sähköpostipalvelimemme ei vähään aikaan pystynyt lähettämään mitään.
Pahoittelemme, että kuulette meistä vasta nyt.

Mitään ei ole kadonnut. Viestinne on meillä kokonaisena viitteellä
{{ ref }}.

Määräaika, jonka asetimme henkilökohtaiselle vastaukselle, päättyy
{{ respond_by }}. Jos olette jo saanut vastauksen, voitte
jättää tämän viestin sikseen. Jos määräaika on ohi ettekä ole kuullut
meistä, lyhyt vastaus tähän viestiin riittää; kaikkea ei tarvitse
kirjoittaa uudelleen.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('99346836504aaa5d85ec7e745cd0008d4d317caf33bc9904cece73bbce1f4771','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about ending a contract, calling off an order or a booking.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että sanotte selvästi, minkä haluatte päättää ja mikä sen on
estänyt.
{% endblock %}
{% block accept %}
Meiltä pitää päästä lähtemään yhtä helposti kuin meille tullaan. Teidän
kohdallanne niin ei ollut, eikä sellaisesta pitäisi kenenkään joutua
taistelemaan.
{% endblock %}
{% block apologise %}
Pyydämme anteeksi, että siihen tarvittiin tämä viesti.
{% endblock %}
{% block act %}
Se on nyt etusijalla peruutuksista vastaavilla, ja mukana on päivä, jona
kirjoititte. He tarkistavat, mitä pyysitte ja milloin ja mikä on jäänyt
tekemättä. Teidän ei tarvitse irtisanoa tai perua mitään uudestaan.
{% endblock %}
{% block respond %}
Vastaamme teille kirjallisesti ja henkilökohtaisesti viimeistään
{{ respond_by }}. Haluamme, että kaikki on selvää
viimeistään {{ resolve_by }}. Jos teiltä kysytään asiasta,
viite on {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25','Description: What every letter has: greeting, closing, and the line that a reply is recognised by.

{% block salutation %}
{% if name %}
Hola, {{ name }}:
{% else %}
Hola:
{% endif %}
{% endblock %}

{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}

En este momento no hay nadie trabajando. Volvemos el
{{ opens }}.
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}

Mientras tanto, esto puede ayudarle:
{% for article in articles %}
{{ article.title }}
{{ article.link }}
{% endfor %}
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}

Aquí puede ver en todo momento cómo va:
{{ status_link }}
{% endif %}
{% endblock %}

{% block closing %}
Un saludo cordial
{{ signature }}
{% if company and company != signature %}
{{ company }}
{% endif %}
{% endblock %}

{% block footer %}
Por favor, deje esta línea en su respuesta:
{% if ticket %}Caso{% else %}Referencia{% endif %} {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('9fdd1c329bdc2f3f946ed1a6a589c043ebc52d4e790dc67a1a309019f2ed769a','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about a website, app, device or software that does not work.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir décrit ce qui ne fonctionne pas.
{% endblock %}
{% block accept %}
Vous en avez besoin, et cela vous a fait défaut. Le temps que vous y avez
perdu, vous n''auriez pas dû le perdre.
{% endblock %}
{% block apologise %}
Nous vous prions de nous excuser pour cette défaillance.
{% endblock %}
{% block act %}
Votre signalement est entre les mains de notre équipe technique, qui le
traite en priorité et cherche la cause à partir de ce que vous avez écrit.
Si vous avez une capture d''écran, ou si vous connaissez l''appareil et la
version, envoyez-les en réponse ; sans cela, nous commençons quand même.
{% endblock %}
{% block respond %}
Vous aurez une réponse personnelle au plus tard le
{{ respond_by }}, avec un moyen de contourner le problème si
nous en connaissons un d''ici là. Nous voulons l''avoir corrigé d''ici au
{{ resolve_by }}. Votre signalement porte la référence
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a0239d068ac8cf906d235924d2beb4a1a0047ad4039890f14dd1e070df40701a','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: A complaint that belongs to none of the other topics.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että sanoitte asian meille ettekä vain kääntänyt selkäänne.
{% endblock %}
{% block accept %}
Jokin meillä ei ollut niin kuin sen olisi pitänyt, ja te jouduitte sen
kestämään. Siinä ei ole mitään kiisteltävää.
{% endblock %}
{% block apologise %}
Olemme siitä vilpittömästi pahoillamme.
{% endblock %}
{% block act %}
Viestinne luetaan etusijalla, rivi riviltä. Se, joka sen lukee, selvittää,
kenelle asia kuuluu, eikä päästä sitä käsistään, ennen kuin oikea ihminen
on ottanut sen hoitaakseen. Viitteen {{ ref }} avulla mitään ei katoa
pöydältä toiselle.
{% endblock %}
{% block respond %}
Saatte teille kirjoitetun vastauksen viimeistään
{{ respond_by }}. Tavoitteemme on, että asia on ratkaistu
viimeistään {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a10dbef33fe1c291a27b56069544cafd8872a5656069954d24ae3c5969c20b3d','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about an order that is still with us: placed, changed, confirmed.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht. Es geht um {{ topic }}, so haben wir
sie verstanden.

Wer bei uns Bestellungen bearbeitet, sieht nach, wie es steht und was sich
noch einrichten oder ändern lässt. Sie erfahren es bis
{{ respond_by }}.

Falls die Bestellnummer nicht in Ihrer Nachricht stand, antworten Sie
bitte gleich damit, das erspart Ihnen eine Rückfrage. Soll etwas anders
werden, etwa Größe, Menge oder Adresse, schreiben Sie uns am besten genau,
wie es am Ende sein soll.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a126b7b91071bf262e06c508c27ef283fd1d2421ea108c60f23069dd13b7888b','Subject: Was it easy? [{{ ref }}]
Description: Asks how easy it was for the customer, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Your request {{ ref }} is settled, as far as we know. We would like to learn
from it and have one question:

How easy did we make it for you to get it settled?
1 is not easy at all, 7 is very easy.
{% if scores %}

One click on your answer is enough; you confirm it on the page that opens:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Or reply to this e-mail with a number or a sentence.
{% else %}

A reply to this e-mail is enough: a number, or a sentence.
{% endif %}
{% if stop_link %}

If you would rather not be asked again:
{{ stop_link }}
{% else %}

If you would rather not be asked again, reply with the word STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('a5135084ab01497f96e372d401b6ce822a859c71d73c96c99a50378f1f84998e','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Complaint about what a product is, does, fits or costs, and its quality as such.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous avoir dit franchement ce que vous pensez de ce produit.
{% endblock %}
{% block accept %}
Vous l''aviez choisi avec de bonnes raisons, et il n''est pas ce que vous
étiez en droit d''attendre. Nous l''entendons tel que vous le dites.
{% endblock %}
{% block apologise %}
Nous regrettons cette déception et vous présentons nos excuses.
{% endblock %}
{% block act %}
Ce que vous avez écrit est transmis en priorité aux responsables de ce
produit. Ils vont examiner le point que vous soulevez et vous proposer une
façon d''y remédier. Une photo ou la référence de l''article sont les
bienvenues en réponse, mais vous n''avez rien à écrire deux fois.
{% endblock %}
{% block respond %}
Vous aurez de nos nouvelles personnellement au plus tard le
{{ respond_by }}. Nous voulons avoir trouvé une solution
avec vous d''ici au {{ resolve_by }}. Votre référence est
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a6867d5d7924a247d777e5abe2e5409af2dc944946126c2abc17c9c7d2236783','Subject: En retard [{{ ref }}]: {{ subject or ''votre message'' }}
Description: To the chain: a promise is late.

{% extends "base.txt" %}
{% block salutation %}
Bonjour,
{% endblock %}
{% block body %}
{% if promise == ''respond'' %}
Une réponse a été promise à la personne d''ici
{{ due_by }}.
{% else %}
Une solution a été promise à la personne d''ici
{{ due_by }}.
{% endif %}
{% if time_left %}
La promesse est sur le point d''être rompue. Temps de travail restant :
{{ time_left }}.
{% else %}
La promesse n''a pas été tenue.
{% endif %}

De: {{ customer_address }}
Objet: {{ subject|truncate(60) }}

Cet e-mail est automatique. Merci de traiter le ticket plutôt que d''y
répondre.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Dossier {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('a7772f52f96b99743a470d0b85dc16aa3dfdb2e946d81704ec47c76147ad60dc','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base.txt" %}
{% block body %}
Gracias por ponerse en contacto con nosotros por {{ topic }}.

El equipo de facturación la comparará con lo pedido y lo acordado, y le
escribirá a más tardar el {{ respond_by }}. Si corresponde
una copia o una corrección, irá con esa respuesta.

El número o la fecha de la factura nos ayudan a dar con el documento. Si
hay que cambiar un nombre, una dirección o un número fiscal, responda con
el texto exacto que debe aparecer.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a92dc6ee46b2fbd3bc4eaeaa81e92385a55d48d85daeb3a407bb19bf0c8dc9d8','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: A complaint that belongs to none of the other topics.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie es uns sagen, statt sich einfach abzuwenden.
{% endblock %}
{% block accept %}
Bei uns war etwas nicht so, wie es hätte sein müssen, und ausgehalten
haben Sie es. Daran gibt es nichts zu deuteln.
{% endblock %}
{% block apologise %}
Das tut uns aufrichtig leid.
{% endblock %}
{% block act %}
Ihre Nachricht wird mit Vorrang gelesen, Zeile für Zeile. Wer sie liest,
findet heraus, wer dafür zuständig ist, und behält die Sache in der Hand,
bis sie dort übernommen ist. Unter der Nummer {{ ref }} geht dabei nichts
zwischen den Schreibtischen verloren.
{% endblock %}
{% block respond %}
Eine Antwort, die für Sie geschrieben ist, bekommen Sie bis
{{ respond_by }}. Unser Ziel ist eine Lösung bis
{{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('a98fd43a68e6fad1d8c91643576cedd6d7ae6cce9e0716d38e0ef493c9d31876','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about a website, app, device or software that does not work.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por describirnos lo que no funciona.
{% endblock %}
{% block accept %}
Usted lo necesita y le ha fallado. El tiempo que ha perdido con ello no
tendría que haberlo perdido.
{% endblock %}
{% block apologise %}
Le pedimos perdón por este fallo.
{% endblock %}
{% block act %}
Su aviso lo tiene ya, con prioridad, nuestro equipo técnico, que busca la
causa a partir de lo que usted ha escrito. Si tiene una captura de
pantalla o sabe el dispositivo y la versión, mándelos en respuesta; sin
ellos empezamos igualmente.
{% endblock %}
{% block respond %}
Tendrá una respuesta personal a más tardar el
{{ respond_by }} y, si para entonces conocemos una, una
manera de sortear el problema. Queremos haberlo arreglado antes del
{{ resolve_by }}. Su aviso tiene la referencia {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ab88d8c07e8444e32ae4161e1b56461e1160119290d8636a3171f52596a2d4cd','{% extends "base.html" %}
{% block body %}
<p style="margin: 0 0 16px;">
Kiitos viestistänne. Se on tullut perille, ja sen viite on {{ ref }}.
</p>
<p style="margin: 0 0 16px;">
Joku meistä lukee viestin ja vastaa teille henkilökohtaisesti viimeistään
{{ respond_by }}. Siihen asti teidän ei tarvitse tehdä
mitään.
</p>
<p style="margin: 0 0 16px;">
Jos haluatte lisätä jotain, vastatkaa tähän viestiin, niin lisäys pysyy
yhdessä ensimmäisen viestinne kanssa.
</p>
{% endblock %}
');
INSERT INTO "template_source" VALUES('ac56bd039878b917e14647aac64bb86bd59f1bb67b2ff906afc5d50f2a13ffc1','Subject: News [{{ ref }}]: {{ subject or ''your message'' }}
Description: A person has moved the ticket or says something, or the customer came back to it.

{% extends "base.txt" %}
{% block body %}
{% if status == ''waiting'' %}
To go on with {{ ref }} we need an answer from you. A reply to this e-mail
is enough; the times that we named rest until then.
{% elif status == ''resolved'' %}
We have resolved {{ ref }}. If you see that differently, reply to this
e-mail, and it is open again.
{% elif status == ''closed'' %}
We have closed {{ ref }}. If something is left to be done, write to us
again.
{% elif status == ''active'' %}
Somebody is now working on {{ ref }}.
{% else %}
Your request {{ ref }} is open, and your messages are with the people
responsible.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
A person will answer you by
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
We want to have it resolved by
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ac5c6a8896ce7647a0f88f9fc616614c4ff147a43ab0537ad10cf108b341b798','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about ending a contract, calling off an order or a booking.

{% extends "base.txt" %}
{% block body %}
Gracias por su mensaje. Hemos entendido que se trata de {{ topic }}.

Ha quedado registrado cuándo llegó. Comprobaremos qué debe terminar y
desde qué fecha es posible, y se lo escribiremos a más tardar el
{{ respond_by }}.

No hace falta que lo envíe otra vez. Si en su mensaje no quedaba claro de
qué pedido, reserva o contrato se trata, responda con el número y, si
tiene una fecha en mente, díganosla también.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ac6770b4a13ee468162ba6f3741176a9520bea2a0da1f6e4d9e3e0f2763c8b8f','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about sending goods back or exchanging them.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että käytitte aikaanne ja kirjoititte meille tästä palautuksesta.
{% endblock %}
{% block accept %}
Jos jotain täytyy palauttaa, sen pitäisi ainakin olla helppoa. Teille
siitä koitui vaivaa, ja se vaiva alkoi meistä eikä teistä.
{% endblock %}
{% block apologise %}
Pyydämme tätä teiltä anteeksi.
{% endblock %}
{% block act %}
Asianne on etusijalla palautusten ja vaihtojen hoitajilla viitteellä
{{ ref }}. He tarkistavat, mitä on tapahtunut, ja sopivat kanssanne
jatkosta niin, että teidän tarvitsee palata asiaan enää kerran. Pitäkää
tuote tallessa siihen asti; jos siinä on vika, kuva vastauksena tähän
viestiin auttaa alkuun.
{% endblock %}
{% block respond %}
Kirjoitamme teille henkilökohtaisesti viimeistään
{{ respond_by }}. Tavoite on, että kaikki on hoidettu
viimeistään {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ad917b7893693591105123441df6b81468fb6e652e0192c7e418634ba1492a93','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about what a product is, does, fits or costs, and its quality as such.

{% extends "base.txt" %}
{% block body %}
Thank you for {{ topic }}.

Somebody who knows the product well will answer it by
{{ respond_by }}.

The more exactly we know what you have in mind, the more useful the
answer: the name or item number, the size or colour, and what you want to
use it for. If any of that was missing from your message, just reply to
this one.
{% endblock %}
');
INSERT INTO "template_source" VALUES('afed3511a43b2dfaa5dd09c0c6423b09a8a544c5f40cc4901d784c7d8fad49b8','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about an order that is still with us: placed, changed, confirmed.

{% extends "base.txt" %}
{% block body %}
Thank you for your message about {{ topic }}.

The colleagues who handle orders will look it up, check what can still be
arranged or changed, and tell you by {{ respond_by }}.

If the order number was not in your message, please reply with it now;
that spares you a question from us. And if something should be different,
write down exactly how you want it, such as the size, the quantity or the
address, so that it can be done in one go.
{% endblock %}
');
INSERT INTO "template_source" VALUES('b06397121499b9832668df66d362a62ee1764a08bbc22912baabf34ba67f8ce8','Subject: Bald fällig [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: To the owner: a promise is due soon, or a person has to decide about a quiet ticket.

{% extends "base.txt" %}
{% block salutation %}
Guten Tag,
{% endblock %}
{% block body %}
{% if promise %}
{% if promise == ''respond'' %}
der Kundschaft ist eine Antwort versprochen bis
{{ due_by }}.
{% else %}
der Kundschaft ist eine Lösung versprochen bis
{{ due_by }}.
{% endif %}
{% if time_left %}
Verbleibende Arbeitszeit: {{ time_left }}.
{% endif %}

Eine Antwort gilt als gegeben, wenn der Vorgang bewegt oder der Kundschaft
etwas gesagt wird; eine Lösung, wenn der Vorgang gelöst ist.
{% else %}
die Kundschaft hat lange nicht geantwortet. Dieser Vorgang schließt sich
nicht von selbst: Bitte entscheiden Sie, ob er geschlossen wird.
{% endif %}

Von: {{ customer_address }}
Betreff: {{ subject|truncate(60) }}

Diese E-Mail kam automatisch. Bitte bearbeiten Sie den Vorgang, statt ihr zu
antworten.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Vorgang {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('b19b95373ea4ffc0826c6f38e5d6518bef9bcc9a195391a737e58ae8cca26124','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kerroitte, mitä toimituksellenne tapahtui.
{% endblock %}
{% block accept %}
Luotitte siihen, että hoidamme matkan ovellenne asti, eikä se sujunut niin
kuin olisi pitänyt. Asian perässä juokseminen ei ole missään vaiheessa
ollut teidän tehtävänne.
{% endblock %}
{% block apologise %}
Pyydämme anteeksi. Kuka tahansa olikin ratissa, toimitus oli meidän.
{% endblock %}
{% block act %}
Tästä eteenpäin perässä juoksemme me. Toimituksista vastaava kollegamme
selvittää etusijalla, mitä matkalla tapahtui, ja hoitaa asian
kuljetusliikkeen kanssa, joten teidän ei tarvitse ottaa sinne yhteyttä.
Jos jotain tuli perille rikkinäisenä, säilyttäkää pakkaus ja lähettäkää
siitä kuva vastauksena.
{% endblock %}
{% block respond %}
Kerromme teille henkilökohtaisesti viimeistään
{{ respond_by }}, mitä saimme selville. Ratkaisun haluamme
löytää viimeistään {{ resolve_by }}. Yksi viesti riitti; sen
viite on {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('b4b37786739a963f8c24d7725a5e2e758a01fb04b0a27dba06efecd55955cb75','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että huomautitte asiasta.
{% endblock %}
{% block accept %}
Laskun pitää olla oikein, ja siitä pitää nähdä, mistä se on. Nyt jouduitte
itse huomaamaan, ettei kaikki meidän papereissamme ollut kunnossa.
{% endblock %}
{% block apologise %}
Pahoittelemme, että jouduitte tekemään tarkistustyön puolestamme.
{% endblock %}
{% block act %}
Viestinne menee laskutuksessamme muiden edelle. Siellä lasku käydään läpi
rivi riviltä ja verrataan sovittuun. Huomautuksenne on kirjattu viitteellä
{{ ref }}, eikä sitä tarvitse tehdä uudestaan.
{% endblock %}
{% block respond %}
Laskutuksesta kerrotaan teille viimeistään {{ respond_by }},
mikä oli väärin ja mitä siitä seuraa. Kaiken pitää olla kunnossa
viimeistään {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('b712d9f4df58eaa63266921606e022c785a18499f0894fd684716b6e7352c50c','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about ending a contract, calling off an order or a booking.

{% extends "base.txt" %}
{% block body %}
Thank you for your message. We have understood that it is about
{{ topic }}.

It is on record with the time it arrived. A colleague will check what is
to end and from which date it can, and write to you about it by
{{ respond_by }}.

You do not need to send it again. If it was not clear from your message
which order, booking or contract you mean, please reply with its number,
and with the date you have in mind if you have one.
{% endblock %}
');
INSERT INTO "template_source" VALUES('b8fafe0401dec393cb978bdd9fd713c17e29f10ef3771d4d594be46cc932a849','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: A complaint that belongs to none of the other topics.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por decírnoslo en lugar de marcharse sin más.
{% endblock %}
{% block accept %}
Algo por nuestra parte no ha sido como tenía que ser, y quien lo ha
sufrido es usted. Sobre eso no hay nada que discutir.
{% endblock %}
{% block apologise %}
Lo sentimos de verdad.
{% endblock %}
{% block act %}
Su mensaje se lee con prioridad, línea por línea. Quien lo lee averigua a
quién le corresponde y no lo suelta hasta que esa persona se ha hecho
cargo. Con la referencia {{ ref }} no se pierde nada de una mesa a otra.
{% endblock %}
{% block respond %}
A más tardar el {{ respond_by }} recibirá una respuesta
escrita para usted. Nuestro propósito es haberlo resuelto antes del
{{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3','Description: What every letter has: greeting, closing, and the line that a reply is recognised by.

{% block salutation %}
{% if name %}
Hello {{ name }},
{% else %}
Hello,
{% endif %}
{% endblock %}

{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}

There is nobody at work at the moment. We are back on
{{ opens }}.
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}

This may help you meanwhile:
{% for article in articles %}
{{ article.title }}
{{ article.link }}
{% endfor %}
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}

You can see at any time how it stands:
{{ status_link }}
{% endif %}
{% endblock %}

{% block closing %}
Kind regards
{{ signature }}
{% if company and company != signature %}
{{ company }}
{% endif %}
{% endblock %}

{% block footer %}
Please leave this line in when you reply:
{% if ticket %}Ticket{% else %}Reference{% endif %} {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('baf92b600292137e5ed9d4827bcf3a4096f2ad81655c9466b7d524fc4fdb98b6','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about money we owe: when, how much, to which account.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne, jonka aiheena on ymmärtääksemme {{ topic }}.

Kirjanpitomme tarkistaa, mitä on maksettu takaisin, milloin ja mitä
kautta, ja kertoo teille tarkan tilanteen viimeistään
{{ respond_by }}.

Raha palaa usein samaa tietä, jota maksu tuli, joten kyseisen tilin tai
kortin tapahtumat kannattaa katsoa jo nyt. Jos meillä ei vielä ole
tilausnumeroanne, vastatkaa pelkällä numerolla: korttinumerot ja salasanat
eivät kuulu sähköpostiin.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d','Description: The five steps of a complaint letter, and what is offered with the fourth.

{% extends "base.txt" %}
{% block body %}
{% block thank %}
{% endblock %}

{% block accept %}
{% endblock %}

{% block apologise %}
{% endblock %}

{% block act %}
{% endblock %}
{% block offer %}
{% for grant in grants %}
Nous aimerions aussi vous offrir {{ grant }}.
Si vous l''acceptez, dites-le-nous simplement en répondant à cet e-mail.
{% endfor %}
{% endblock %}

{% block respond %}
{% endblock %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('bc1f6071c8ee7a1eea034881126511f21736b7039d7d59663debbd6badccf13f','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about an order that is still with us: placed, changed, confirmed.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns so offen schreiben, was bei Ihrer Bestellung
schiefgegangen ist.
{% endblock %}
{% block accept %}
Bestellen soll der einfache Teil sein. Bei Ihnen war er es nicht, und Sie
haben Zeit in etwas gesteckt, das unsere Sache gewesen wäre.
{% endblock %}
{% block apologise %}
Das tut uns leid.
{% endblock %}
{% block act %}
Die zuständigen Kolleginnen und Kollegen nehmen sich Ihre Bestellung
vorrangig vor: Sie gehen sie Schritt für Schritt durch, suchen die Stelle,
an der es gehakt hat, und klären mit Ihnen, wie es in Ordnung kommt. Ein
zweites Mal erklären müssen Sie es nicht.
{% endblock %}
{% block respond %}
Eine persönliche Antwort haben Sie bis {{ respond_by }}.
Erledigt sein soll die Sache bis {{ resolve_by }}. Wenn
Ihnen noch etwas einfällt, antworten Sie auf diese E-Mail; alles dazu
liegt unter {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bd022ab3fd0bc3fbf8823fb0ada1d3b3e2633ddc7d687b3e1c73a09d29e5a5a1','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Praise that holds a complaint as well.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for both: for your kind words, and for being open about what was
not good.
{% endblock %}
{% block accept %}
The one does not make up for the other. Something fell short, and we take
it as seriously as if you had written about nothing else.
{% endblock %}
{% block apologise %}
We are sorry about that part.
{% endblock %}
{% block act %}
The praise goes to the people who have earned it. The rest goes with
priority to a colleague who finds out how it happened and what can be done
for you now; all of it is kept under {{ ref }}, so nobody will ask you to
tell it again.
{% endblock %}
{% block respond %}
You will hear from that colleague by {{ respond_by }}, and
we want to have it sorted out by {{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bd44d30ec8d5fc0909f5ce6d478f888c5afb101da357481c7d47af802a15a865','Subject: Verspätet [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: To the chain: a promise is late.

{% extends "base.txt" %}
{% block salutation %}
Guten Tag,
{% endblock %}
{% block body %}
{% if promise == ''respond'' %}
der Kundschaft ist eine Antwort versprochen bis
{{ due_by }}.
{% else %}
der Kundschaft ist eine Lösung versprochen bis
{{ due_by }}.
{% endif %}
{% if time_left %}
Das Versprechen wird gleich gebrochen. Verbleibende Arbeitszeit:
{{ time_left }}.
{% else %}
Das Versprechen wurde nicht gehalten.
{% endif %}

Von: {{ customer_address }}
Betreff: {{ subject|truncate(60) }}

Diese E-Mail kam automatisch. Bitte bearbeiten Sie den Vorgang, statt ihr zu
antworten.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Vorgang {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('bd64a468ccc42bb7b9e5fbcc85ab2af34f00e45672972f4f09aa3496e7b9431a','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: None of the other topics: jobs, press, partners, lost property, too vague to tell.

{% extends "base.txt" %}
{% block body %}
Kiitos viestistänne. Se ei kuulu mihinkään tavallisista aiheistamme,
emmekä halua arvailla: joku meistä lukee sen ja vie sen sille, joka
todella osaa auttaa.

Saatte vastauksen jommaltakummalta viimeistään
{{ respond_by }}.

Jos asia sittenkin liittyy tilaukseen tai laskuun, lyhyt vastaus ja numero
vievät sen nopeammin oikeaan paikkaan.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bdd298773803e8084059fcad0b25cac90c7b35387b91f9c4962ae6f366414014','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Thanks or a compliment, with no wish beside it.

{% extends "base.txt" %}
{% block body %}
Quel plaisir de recevoir un message comme le vôtre. Merci !

Une personne de l''équipe le lira et le transmettra à celles et ceux à qui
il s''adresse ; on n''entend pas de tels mots tous les jours.

Vous n''avez rien à faire. Et s''il s''y trouvait aussi une question, vous
aurez la réponse au plus tard le {{ respond_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bde01322dc738a0e7711a38273f81c89d266b0fdb58c3b457931f1ec3f74ad13','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about what a product is, does, fits or costs, and its quality as such.

{% extends "base.txt" %}
{% block body %}
Gracias por {{ topic }}.

Le contestará alguien que lo conoce bien, a más tardar el
{{ respond_by }}.

Cuanto mejor sepamos lo que busca, más útil será la respuesta: el nombre o
la referencia del artículo, la talla o el color, y para qué lo quiere. Si
algo de eso faltaba en su mensaje, basta con que responda a este.
{% endblock %}
');
INSERT INTO "template_source" VALUES('becb3ac9f1a6ef6a2e4d33aaab08e2d5699ee61b3461dbeb17cb1450ceea6b08','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about log-in, password, profile, newsletter, deletion of data.

{% extends "base.txt" %}
{% block body %}
Merci pour votre message, qui concerne {{ topic }} si nous l''avons
bien compris.

Nous allons l''examiner et vous écrire au plus tard le
{{ respond_by }} ce qui a été fait, ou ce que vous pouvez
faire.

Si votre compte est enregistré sous une autre adresse e-mail que celle-ci,
indiquez-la-nous en réponse. N''envoyez jamais de mot de passe ni de code
de connexion, même à nous : nous ne vous en demanderons pas. Et si vous
pensez que quelqu''un d''autre peut y accéder, changez tout de suite votre
mot de passe si vous le pouvez encore.
{% endblock %}
');
INSERT INTO "template_source" VALUES('bf8049de2c442d8c21fb49a4a4d917405ca23b545afe70c1b23fe88030c61a7f','Subject: Tarvitsetteko meitä vielä? [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: We wait for the customer''s answer and will close the ticket.

{% extends "base.txt" %}
{% block body %}
Kysyimme teiltä jotain asiasta {{ ref }}, emmekä ole vielä saaneet vastausta.

Jos tarvitsette meitä yhä, vastaus tähän viestiin riittää. Muuten katsomme
asian hoidetuksi ja suljemme sen:
{{ closes_by }}.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('c2091f618b4d665e78c0df7e922a1f7bfa06b6cce5fa330c9c4970da1ebd425d','Subject: Määräaika lähestyy [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: To the owner: a promise is due soon, or a person has to decide about a quiet ticket.

{% extends "base.txt" %}
{% block salutation %}
Hei,
{% endblock %}
{% block body %}
{% if promise %}
{% if promise == ''respond'' %}
Asiakkaalle on luvattu vastaus viimeistään:
{{ due_by }}.
{% else %}
Asiakkaalle on luvattu ratkaisu viimeistään:
{{ due_by }}.
{% endif %}
{% if time_left %}
Työaikaa jäljellä: {{ time_left }}.
{% endif %}

Vastaus on annettu, kun tikettiä on viety eteenpäin tai asiakkaalle on
kerrottu jotain; ratkaisu, kun tiketti on ratkaistu.
{% else %}
Asiakas ei ole vastannut pitkään aikaan. Tämä tiketti ei sulkeudu itsestään:
päättäkää, suljetaanko se.
{% endif %}

Asiakas: {{ customer_address }}
Aihe: {{ subject|truncate(60) }}

Tämä viesti lähti automaattisesti. Hoitakaa tikettiä sen sijaan, että
vastaisitte.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Tapaus {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('c2bf3ab91fbf2794c8f0f00269eff20c4c0dfd8cc3f40b7461a9b9f5b51455a9','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about a website, app, device or software that does not work.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for describing what does not work.
{% endblock %}
{% block accept %}
You need this to run, and it let you down. The time you have lost over it
should not have been yours to lose.
{% endblock %}
{% block apologise %}
We are sorry that it failed you.
{% endblock %}
{% block act %}
Our technical colleagues have your report with priority and are looking
for the cause, beginning with what you wrote. If you have a screenshot, or
know the device and the version, send them in reply to this e-mail;
without them we start all the same.
{% endblock %}
{% block respond %}
You will have a personal answer by {{ respond_by }}, with a
way round the problem if we know one by then. We want it fixed by
{{ resolve_by }}. Your report has the reference {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('c3bcc37328d801e289c9b0fe8091711a4c94636653626911a950bee0f800efa3','Subject: Due soon [{{ ref }}]: {{ subject or ''your message'' }}
Description: To the owner: a promise is due soon, or a person has to decide about a quiet ticket.

{% extends "base.txt" %}
{% block salutation %}
Hello,
{% endblock %}
{% block body %}
{% if promise %}
{% if promise == ''respond'' %}
The customer was promised an answer by
{{ due_by }}.
{% else %}
The customer was promised a solution by
{{ due_by }}.
{% endif %}
{% if time_left %}
Working time left: {{ time_left }}.
{% endif %}

An answer is kept when the ticket is moved or the customer is told
something; a solution, when the ticket is resolved.
{% else %}
The customer has not answered for a long time. This ticket is not closed by
itself: please decide whether it is.
{% endif %}

Customer: {{ customer_address }}
Subject: {{ subject|truncate(60) }}

This mail was sent automatically. Please work on the ticket instead of
answering.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Ticket {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('c5689e1eebe92df2a1160a3476265ae58476dfe342364afdab890d492a527a33','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: The topic is unsure, or it is perhaps a complaint. Must be right for every mail.

{% extends "base.txt" %}
{% block body %}
Thank you for writing to us. Your message has arrived safely under the
reference {{ ref }}.

Someone from our team will read it in person and answer you by
{{ respond_by }}. Until then there is nothing more you need
to do.

If you would like to add something, simply reply to this e-mail, and it
will be kept together with your first message.
{% endblock %}
');
INSERT INTO "template_source" VALUES('c6c7ebf0f7a0c18e0bd63665939c0f83c096c50b4cbf1023d333ed627b3d1dbd','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about the act of paying: method, card declined, charged twice.

{% extends "base.txt" %}
{% block body %}
Viestinne on meillä, kiitos siitä. Sen aiheena on {{ topic }}.

Katsomme, miltä maksu näyttää meidän puoleltamme: onko se tullut perille,
vielä auki vai vasta varattu. Kerromme sen viimeistään
{{ respond_by }}.

Älkää maksako toista kertaa ennen vastaustamme. Löydämme maksun summan,
päivän ja maksutavan avulla. Älkää koskaan lähettäkö meille
korttinumeroita, tunnuslukuja tai koodeja, sillä emme tarvitse niitä
tähän.
{% endblock %}
');
INSERT INTO "template_source" VALUES('c78061723e9ed701a03b3be4f62b6476ff95c99eacf0ebb0e73eb29f3bf287f3','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for pointing this out to us.
{% endblock %}
{% block accept %}
An invoice has to be right, and it has to be clear what it is for. You
were left to find out for yourself that something in our paperwork was not
in order.
{% endblock %}
{% block apologise %}
We are sorry that you had to do our checking for us.
{% endblock %}
{% block act %}
Your message now has priority with the colleagues who do the invoicing,
who go through the document item by item against what was agreed. It is on
record as {{ ref }} that you have raised this, so there is no need to
raise it again.
{% endblock %}
{% block respond %}
A colleague will write to you by {{ respond_by }} and say
what was wrong and what follows from it. It should all be settled by
{{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('c8761b4288510b9f964a93c8215672fb491c79defcc017f93f34bfd06585d387','Subject: War es leicht? [{{ ref }}]
Description: Asks how easy it was for the customer, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Ihr Anliegen {{ ref }} ist, soweit wir wissen, erledigt. Wir möchten
daraus lernen und haben eine Frage:

Wie leicht haben wir es Ihnen gemacht, es zu klären?
1 heißt gar nicht leicht, 7 heißt sehr leicht.
{% if scores %}

Ein Klick auf Ihre Antwort genügt; Sie bestätigen sie auf der Seite, die
sich öffnet:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Oder antworten Sie auf diese E-Mail mit einer Zahl oder einem Satz.
{% else %}

Eine Antwort auf diese E-Mail genügt: eine Zahl oder ein Satz.
{% endif %}
{% if stop_link %}

Wenn Sie nicht mehr gefragt werden möchten:
{{ stop_link }}
{% else %}

Wenn Sie nicht mehr gefragt werden möchten, antworten Sie mit dem Wort
STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ca334cabe03f63e9880a474b74fe40db267c8eb9ca4444cd26d8d97b43a43713','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: The confirmation could not be sent in time, because our mail server was down.

{% extends "base.txt" %}
{% block body %}
Your message reached us in good time, but our confirmation could not
leave: for a while our mail server was unable to send anything. We are
sorry that it comes so late.

Nothing has been lost. Your message is here in full, under the reference
{{ ref }}.

The time we set for a personal answer is {{ respond_by }}.
If you have had that answer, you can put this e-mail aside. If the time
has passed and you have heard nothing, a short reply to this e-mail is
enough; you need not write everything again.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ca4224f81b6cb4ce6c47b9bafa1fc41cf6358bd38b7778d4fc9136b6e0f766d0','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about money we owe: when, how much, to which account.

{% extends "base.txt" %}
{% block body %}
Merci pour votre message. Nous avons compris qu''il porte sur
{{ topic }}.

La comptabilité va vérifier ce qui a été remboursé, à quelle date et par
quel moyen, et vous dira précisément où cela en est, au plus tard le
{{ respond_by }}.

Un remboursement suit souvent le même chemin que le paiement : vous pouvez
déjà jeter un œil au relevé du compte ou de la carte que vous aviez
utilisés. Si nous n''avons pas encore votre numéro de commande,
indiquez-le-nous en réponse, sans rien d''autre : pas de numéro de carte ni
de mot de passe dans un e-mail, s''il vous plaît.
{% endblock %}
');
INSERT INTO "template_source" VALUES('cc943ddfe109b8bb9617058206898435a5eb34d33d4027060afb02a791d09955','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Praise that holds a complaint as well.

{% extends "base-complaint.txt" %}
{% block thank %}
danke für beides: für die freundlichen Worte und für die Offenheit, mit
der Sie sagen, was nicht gut war.
{% endblock %}
{% block accept %}
Das eine wiegt das andere nicht auf. Etwas ist misslungen, und wir nehmen
es so ernst, als hätten Sie über nichts anderes geschrieben.
{% endblock %}
{% block apologise %}
Für diesen Teil bitten wir um Entschuldigung.
{% endblock %}
{% block act %}
Das Lob geben wir an die weiter, die es verdient haben. Mit dem anderen
befasst sich vorrangig jemand, der herausfindet, wie es dazu kam und was
sich jetzt für Sie tun lässt. Alles liegt unter {{ ref }} beisammen, damit
Sie es nicht noch einmal erzählen müssen.
{% endblock %}
{% block respond %}
Von dort hören Sie bis {{ respond_by }}. Bis
{{ resolve_by }} wollen wir es geklärt haben.
{% endblock %}
');
INSERT INTO "template_source" VALUES('cd6c635eef0fc96b9e8c94b48755f6e40ca550812b34be3d739522c16ea80f0a','Subject: ¿Fue fácil? [{{ ref }}]
Description: Asks how easy it was for the customer, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Su solicitud {{ ref }} está resuelta, por lo que sabemos. Queremos aprender
de ella y tenemos una pregunta:

¿Le hemos puesto fácil resolverla?
1 es nada fácil, 7 es muy fácil.
{% if scores %}

Basta un clic en su respuesta; la confirma en la página que se abre:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

O responda a este correo con un número o con una frase.
{% else %}

Basta con responder a este correo: un número o una frase.
{% endif %}
{% if stop_link %}

Si prefiere que no le preguntemos más:
{{ stop_link }}
{% else %}

Si prefiere que no le preguntemos más, responda con la palabra STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('cf1427eead824e475a9e0156698b19d47a62ddef9b67bd733e2aba6769da1c7f','Subject: So steht es [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Answer to a customer who asks how it stands.

{% extends "base.txt" %}
{% block body %}
Sie haben gefragt, wie es um {{ ref }} steht.

{% if status == ''waiting'' %}
Wir haben Sie um etwas gebeten und warten auf Ihre Antwort. Eine Antwort auf
diese E-Mail genügt.
{% elif status == ''resolved'' %}
Es ist gelöst. Wenn Sie das anders sehen, antworten Sie auf diese E-Mail.
{% elif status == ''closed'' %}
Es ist abgeschlossen. Ist noch etwas zu tun, schreiben Sie uns bitte erneut.
{% elif status == ''active'' %}
Jemand arbeitet daran.
{% else %}
Es liegt bei den Zuständigen, ist aber noch nicht fertig bearbeitet.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Jemand aus unserem Team antwortet Ihnen bis
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Gelöst haben möchten wir es bis
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('cf25f57223756de0e7f48b2aafd11fc0d77daa090d0b918431169cb7ac63e109','<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ ref }}</title>
</head>
<body style="margin: 0; padding: 0; background: #ffffff;">
<div style="max-width: 36em; margin: 0 auto; padding: 24px 16px; color: #1f2328;
            font: 16px/1.5 -apple-system, ''Segoe UI'', Roboto, Helvetica, Arial, sans-serif;">
{% block salutation %}
{% if name %}
<p style="margin: 0 0 16px;">Hello <bdi>{{ name }}</bdi>,</p>
{% else %}
<p style="margin: 0 0 16px;">Hello,</p>
{% endif %}
{% endblock %}
{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}
<p style="margin: 0 0 16px;">
There is nobody at work at the moment. We are back on
{{ opens }}.
</p>
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}
<p style="margin: 0 0 16px;">This may help you meanwhile:
{% for article in articles %}
<br><a href="{{ article.link }}">{{ article.title }}</a>
{% endfor %}
</p>
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}
<p style="margin: 0 0 16px;">You can see at any time how it stands:
<br><a href="{{ status_link }}" style="overflow-wrap: anywhere;">{{ status_link }}</a>
</p>
{% endif %}
{% endblock %}
{% block closing %}
<p style="margin: 24px 0 0;">Kind regards<br>
{{ signature }}
{% if company and company != signature %}
<br>{{ company }}
{% endif %}
</p>
{% endblock %}
{% block footer %}
<p style="margin: 24px 0 0; padding: 12px 0 0; border-top: 1px solid #d0d7de; color: #57606a;
          font-size: 13px; overflow-wrap: anywhere;">
Please leave this line in when you reply:<br>
{% if ticket %}Ticket{% else %}Reference{% endif %} {{ ref }} · {{ token }}
</p>
{% endblock %}
</div>
</body>
</html>
');
INSERT INTO "template_source" VALUES('d00067e6ad13c487ce69b61f5a0efe135316c791b1ac48911c89739457c7624f','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base.txt" %}
{% block body %}
Kiitos, että kirjoititte. Viestinne aiheena on {{ topic }}, jos
ymmärsimme oikein.

Selvitämme asian lähetyksen seurannasta ja kuljetusliikkeeltä. Kerromme
tilanteen viimeistään {{ respond_by }}.

Jos viestistänne puuttui sekä tilausnumero että seurantatunnus, lähettäkää
toinen niistä vastauksena. Jos odotatte pakettia, kannattaa kysyä myös
naapureilta ja katsoa, onko postilaatikossa saapumisilmoitus: moni paketti
löytyy juuri niin.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d04a3e38e93202e50bf55946d1a2fa69496513257491fed48874c9c676f3e8b9','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about log-in, password, profile, newsletter, deletion of data.

{% extends "base.txt" %}
{% block body %}
Thank you for your message about {{ topic }}.

A colleague will look at the account and write to you by
{{ respond_by }} with what has been done, or what you can
do.

If the account runs under another e-mail address than this one, please
reply with that address. Please never send a password or a log-in code,
not even to us: we will not ask for one. And if you think that somebody
else can get in, change your password straight away if you still can.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d196f64b32ff9cbd50770fc3822567ca8c1c793bd6186a63aa687db684936c3d','Subject: Closed [{{ ref }}]: {{ subject or ''your message'' }}
Description: The ticket was closed because the customer did not answer.

{% extends "base.txt" %}
{% block body %}
We have had no answer from you, and so we have closed {{ ref }}.

If the matter is not settled, write to us again or reply to this e-mail, and
a person will look at it.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('d1a498cf5d17cd520bd624361ef06619878a8c20b52a7736854acdf1f29c34f4','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about sending goods back or exchanging them.

{% extends "base.txt" %}
{% block body %}
Kiitos, viestinne on perillä. Kirjasimme sen aiheeksi: {{ topic }}.

Katsomme tilauksen tiedot ja lähetämme ohjeet palautukseen tai vaihtoon
viimeistään {{ respond_by }}.

Pitäkää siihen asti tuote tallessa pakkauksineen ja tarvikkeineen älkääkä
vielä postittako sitä, niin se osataan heti perille tultuaan yhdistää
teihin. Jos viestistänne ei käynyt ilmi, mihin tilaukseen tuote kuuluu ja
miksi se palautetaan, yksi rivi vastaukseksi nopeuttaa asiaa.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d3657b5d27d29bcee149e543401f8ce8ea2ed1e91df50dc715c0d65c1b8bf53d','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: None of the other topics: jobs, press, partners, lost property, too vague to tell.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht. Sie gehört zu keinem unserer üblichen
Themen, und raten wollen wir nicht: Jemand aus dem Team liest sie und
bringt sie zu der Person, die wirklich weiterhelfen kann.

Von ihr oder von uns hören Sie bis {{ respond_by }}.

Hat die Sache doch mit einer Bestellung oder einer Rechnung zu tun,
antworten Sie kurz mit der Nummer, dann ist sie schneller am richtigen
Platz.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d5931003d2e7344ca441cc95595002f8dda99d3d977bee8c6e170620283587f8','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: A complaint that belongs to none of the other topics.

{% extends "base-complaint.txt" %}
{% block thank %}
Merci de nous en avoir parlé plutôt que d''avoir simplement tourné la page.
{% endblock %}
{% block accept %}
Quelque chose chez nous n''a pas été comme il le fallait, et c''est vous qui
en avez fait les frais. Il n''y a pas à en discuter.
{% endblock %}
{% block apologise %}
Nous en sommes sincèrement désolés.
{% endblock %}
{% block act %}
Votre message est lu en priorité, ligne par ligne. La personne qui le lit
cherche qui en est responsable et garde l''affaire en main jusqu''à ce
qu''elle soit reprise au bon endroit. Avec la référence {{ ref }}, rien ne
se perd d''un bureau à l''autre.
{% endblock %}
{% block respond %}
Au plus tard le {{ respond_by }}, vous recevrez une réponse
écrite pour vous. Notre but est d''avoir tout résolu d''ici au
{{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d65c4b70556a59758f21217fd4743098f5f29a5b190c06f7bd152ad30e574ee0','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Thanks or a compliment, with no wish beside it.

{% extends "base.txt" %}
{% block body %}
¡Qué alegría recibir un mensaje como el suyo! Muchas gracias.

Una persona del equipo lo leerá y se lo hará llegar a quienes va dirigido;
no todos los días oyen algo así.

No tiene que hacer nada. Y si también había una pregunta, tendrá la
respuesta a más tardar el {{ respond_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('d8521f2e314130346d9c5e8d710b81e471e2a4e546c24cbb511bca219c8a6a16','Subject: Où nous en sommes [{{ ref }}]: {{ subject or ''votre message'' }}
Description: Answer to a customer who asks how it stands.

{% extends "base.txt" %}
{% block body %}
Vous avez demandé où en est {{ ref }}.

{% if status == ''waiting'' %}
Nous vous avons demandé quelque chose et attendons votre réponse. Il suffit
de répondre à cet e-mail.
{% elif status == ''resolved'' %}
C''est résolu. Si vous voyez les choses autrement, répondez à cet e-mail.
{% elif status == ''closed'' %}
C''est clôturé. S''il reste quelque chose à faire, écrivez-nous à nouveau.
{% elif status == ''active'' %}
Quelqu''un s''en occupe.
{% else %}
Votre demande est entre les mains des personnes responsables. Personne n''a
encore fini de l''examiner.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Une personne vous répondra d''ici
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Nous voulons l''avoir résolue d''ici
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('d98da34792acafcb61952d2688bdf01d37a37377a1f55072fed90acd1c43d500','<!DOCTYPE html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ ref }}</title>
</head>
<body style="margin: 0; padding: 0; background: #ffffff;">
<div style="max-width: 36em; margin: 0 auto; padding: 24px 16px; color: #1f2328;
            font: 16px/1.5 -apple-system, ''Segoe UI'', Roboto, Helvetica, Arial, sans-serif;">
{% block salutation %}
{% if name %}
<p style="margin: 0 0 16px;">Hola, <bdi>{{ name }}</bdi>:</p>
{% else %}
<p style="margin: 0 0 16px;">Hola:</p>
{% endif %}
{% endblock %}
{% block body %}
{% endblock %}
{% block hours %}
{% if outside_hours %}
<p style="margin: 0 0 16px;">
En este momento no hay nadie trabajando. Volvemos el
{{ opens }}.
</p>
{% endif %}
{% endblock %}
{% block articles %}
{% if articles %}
<p style="margin: 0 0 16px;">Mientras tanto, esto puede ayudarle:
{% for article in articles %}
<br><a href="{{ article.link }}">{{ article.title }}</a>
{% endfor %}
</p>
{% endif %}
{% endblock %}
{% block standing %}
{% if status_link %}
<p style="margin: 0 0 16px;">Aquí puede ver en todo momento cómo va:
<br><a href="{{ status_link }}" style="overflow-wrap: anywhere;">{{ status_link }}</a>
</p>
{% endif %}
{% endblock %}
{% block closing %}
<p style="margin: 24px 0 0;">Un saludo cordial<br>
{{ signature }}
{% if company and company != signature %}
<br>{{ company }}
{% endif %}
</p>
{% endblock %}
{% block footer %}
<p style="margin: 24px 0 0; padding: 12px 0 0; border-top: 1px solid #d0d7de; color: #57606a;
          font-size: 13px; overflow-wrap: anywhere;">
Por favor, deje esta línea en su respuesta:<br>
{% if ticket %}Caso{% else %}Referencia{% endif %} {{ ref }} · {{ token }}
</p>
{% endblock %}
</div>
</body>
</html>
');
INSERT INTO "template_source" VALUES('dbea371d29e33a26de248265e63d1aa4f18b7fa8e6bb63d4170953f1a3ef41ce','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about the way of a parcel: when, where, lost, damaged, courier, customs.

{% extends "base.txt" %}
{% block body %}
Gracias por escribirnos. Hemos entendido que se trata de
{{ topic }}.

Vamos a revisar el seguimiento y a consultar con el transportista. A más
tardar el {{ respond_by }} sabrá cómo está la situación.

Si en su mensaje no venía el número de pedido ni el de seguimiento,
responda con uno de los dos. Si espera un paquete, también merece la pena
preguntar a los vecinos y mirar si hay un aviso en el buzón: así aparecen
bastantes.
{% endblock %}
');
INSERT INTO "template_source" VALUES('dc2c8ba8894475270895382b062f1fe718869dea1f46f6d11d12c21642385698','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: Ordinary mail about ending a contract, calling off an order or a booking.

{% extends "base.txt" %}
{% block body %}
Merci pour votre message. Nous avons compris qu''il s''agit de
{{ topic }}.

La date de son arrivée est enregistrée. Nous allons vérifier ce qui doit
prendre fin et à partir de quand c''est possible, et vous l''écrire au plus
tard le {{ respond_by }}.

Il n''est pas nécessaire de le renvoyer. Si votre message ne permettait pas
de savoir quelle commande, quelle réservation ou quel contrat est en
cause, répondez-nous avec son numéro et, si vous en avez une en tête, la
date souhaitée.
{% endblock %}
');
INSERT INTO "template_source" VALUES('dde1291bcce5b8e87cfebd790accb32c12ea4eb18028e1acc38174c1439b4221','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about an order that is still with us: placed, changed, confirmed.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for telling us so plainly what went wrong with your order.
{% endblock %}
{% block accept %}
Ordering should be the easy part. In your case it was not, and you have
spent time on something that was ours to get right.
{% endblock %}
{% block apologise %}
We are sorry about that.
{% endblock %}
{% block act %}
The colleagues responsible for orders are taking this up with priority.
They will go through your order step by step, find the point where it went
wrong, and settle with you how it is put right. You do not have to explain
it a second time.
{% endblock %}
{% block respond %}
A person will answer you by {{ respond_by }}, and we want to
have it resolved by {{ resolve_by }}. Should you need to add
anything, reply to this e-mail; everything about it is kept under
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('de5918554b0526f4922783b00d0199805c970d0eea868ccf73ebfcd4f69879f7','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about log-in, password, profile, newsletter, deletion of data.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for writing to us about your account.
{% endblock %}
{% block accept %}
It is your account. You should get in when you want to, and what you have
set or asked for should hold. That it was otherwise is down to us.
{% endblock %}
{% block apologise %}
We are sorry for the trouble this has given you.
{% endblock %}
{% block act %}
Your account is being looked at with priority by colleagues who can see
what went wrong there and correct it. They have your description under
{{ ref }} and will not make you repeat it. They do not need your password,
so please keep it to yourself.
{% endblock %}
{% block respond %}
By {{ respond_by }} a colleague will tell you what we found.
We want everything to be as it should be again by
{{ resolve_by }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('df1a2a5125a4c2b2fd4edc88047ca7b603ae18723329af3a989f3fc3570fc391','Subject: Do you still need us? [{{ ref }}]: {{ subject or ''your message'' }}
Description: We wait for the customer''s answer and will close the ticket.

{% extends "base.txt" %}
{% block body %}
We asked you something about {{ ref }} and have not had an answer yet.

If you still need us, a reply to this e-mail is enough. Otherwise we take it
that the matter is settled and close it at this time:
{{ closes_by }}.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e05b2b12d57ce7bce3cc0a012c0794dcb0a15ffe5fc9bcfe7d7d9500fbfcb6dd','Subject: Bien reçu [{{ ref }}] : {{ subject or ''votre message'' }}
Description: None of the other topics: jobs, press, partners, lost property, too vague to tell.

{% extends "base.txt" %}
{% block body %}
Merci pour votre message. Il n''entre dans aucun de nos sujets habituels,
et nous préférons ne pas deviner : une personne de l''équipe va le lire et
le porter à qui pourra vraiment vous aider.

Vous aurez une réponse de l''une ou de l''autre au plus tard le
{{ respond_by }}.

S''il concerne malgré tout une commande ou une facture, un mot en réponse
avec le numéro le conduira plus vite au bon endroit.
{% endblock %}
');
INSERT INTO "template_source" VALUES('e1cc04e7a26ab00048396587575970a4189370975f0bf4742df34417ce922804','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: The confirmation could not be sent in time, because our mail server was down.

{% extends "base.txt" %}
{% block body %}
Su mensaje nos llegó a tiempo, pero nuestra confirmación no salió: durante
un tiempo nuestro servidor de correo no pudo enviar nada. Le pedimos
disculpas por el retraso.

No se ha perdido nada. Tenemos su mensaje completo, con la referencia
{{ ref }}.

El plazo que nos fijamos para una respuesta personal es el
{{ respond_by }}. Si ya la ha recibido, puede dejar este
correo a un lado. Si el plazo ha pasado y no sabe nada de nosotros, basta
con unas palabras en respuesta a este correo; no hace falta que lo escriba
todo otra vez.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e429124baa5857a51ad5f57bef0c7b6d88e9a7aec80799166d30496bd0ca4cb7','Subject: Still working on it [{{ ref }}]: {{ subject or ''your message'' }}
Description: A promised time is missed: sent before it is over, with a new time if there is one.

{% extends "base.txt" %}
{% block body %}
Your request {{ ref }} is not forgotten. We are still working on it.

It takes longer than we thought, and we are sorry. The time that we named
was {{ due_by }}.

{% if respond_by or resolve_by %}
{% if respond_by %}
A person will answer you by
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
We want to have it resolved by
{{ resolve_by }}.
{% endif %}
{% else %}
We do not want to name another time that we might not keep. Your request
stays open until it is settled, and you hear from us when it moves.
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e4a9fee15cbc486656330d021079b7ccec9e1ea9e9835885fd900837be79393d','Subject: Du nouveau [{{ ref }}]: {{ subject or ''votre message'' }}
Description: A person has moved the ticket or says something, or the customer came back to it.

{% extends "base.txt" %}
{% block body %}
{% if status == ''waiting'' %}
Pour poursuivre {{ ref }}, nous avons besoin d''une réponse de votre part. Il
suffit de répondre à cet e-mail ; d''ici là, les délais sont suspendus.
{% elif status == ''resolved'' %}
Nous avons résolu {{ ref }}. Si vous voyez les choses autrement, répondez à
cet e-mail, et la demande sera rouverte.
{% elif status == ''closed'' %}
Nous avons clôturé {{ ref }}. S''il reste quelque chose à faire, écrivez-nous
à nouveau.
{% elif status == ''active'' %}
Quelqu''un s''occupe maintenant de {{ ref }}.
{% else %}
Votre demande {{ ref }} est ouverte, et vos messages sont entre les mains des
personnes responsables.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Une personne vous répondra d''ici
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Nous voulons l''avoir résolue d''ici
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e5c657ec456b24478f02fd540b1f4161c6ea1079074c5a39ad0c9819331bfa5e','Subject: Myöhässä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: To the chain: a promise is late.

{% extends "base.txt" %}
{% block salutation %}
Hei,
{% endblock %}
{% block body %}
{% if promise == ''respond'' %}
Asiakkaalle on luvattu vastaus viimeistään:
{{ due_by }}.
{% else %}
Asiakkaalle on luvattu ratkaisu viimeistään:
{{ due_by }}.
{% endif %}
{% if time_left %}
Lupaus on juuri rikkoutumassa. Työaikaa jäljellä:
{{ time_left }}.
{% else %}
Lupausta ei pidetty.
{% endif %}

Asiakas: {{ customer_address }}
Aihe: {{ subject|truncate(60) }}

Tämä viesti lähti automaattisesti. Hoitakaa tikettiä sen sijaan, että
vastaisitte.
{% endblock %}
{% block articles %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block standing %}
{% endblock %}
{% block footer %}
Tapaus {{ ref }} · {{ token }}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e6562cbce86b4a5502d2543b3cd5c647b02ba811586b9cbc424af0dd2ea6d2f1','{% extends "base.html" %}
{% block body %}
<p style="margin: 0 0 16px;">
Merci de nous avoir écrit. Votre message nous est bien parvenu, sous la
référence {{ ref }}.
</p>
<p style="margin: 0 0 16px;">
Une personne de notre équipe va le lire et vous répondra au plus tard le
{{ respond_by }}. D''ici là, vous n''avez rien d''autre à
faire.
</p>
<p style="margin: 0 0 16px;">
Si vous souhaitez ajouter quelque chose, répondez simplement à cet
e-mail : votre ajout rejoindra votre premier message.
</p>
{% endblock %}
');
INSERT INTO "template_source" VALUES('e7d3e8224926d9893902bd9870aa89a280b7f6ce96ff94cc153a1257852e55d7','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: The confirmation could not be sent in time, because our mail server was down.

{% extends "base.txt" %}
{% block body %}
Ihre Nachricht ist rechtzeitig bei uns angekommen, nur unsere Bestätigung
kam nicht zu Ihnen: Unser Mailserver konnte eine Zeit lang nichts
verschicken. Bitte entschuldigen Sie die Verspätung.

Verloren gegangen ist nichts. Ihre Nachricht liegt uns unter der Nummer
{{ ref }} vollständig vor.

Für die persönliche Antwort haben wir uns diesen Zeitpunkt gesetzt:
{{ respond_by }}. Haben Sie die Antwort schon, können Sie
diese E-Mail beiseitelegen. Ist der Zeitpunkt verstrichen und Sie haben
nichts gehört, genügt eine kurze Antwort auf diese E-Mail; Sie müssen
nicht alles noch einmal schreiben.
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e8692f12221ed013dea9e3d44fe819491db23c6370c7237c9e1b0272aaf0f2d5','Subject: Neuigkeiten [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: A person has moved the ticket or says something, or the customer came back to it.

{% extends "base.txt" %}
{% block body %}
{% if status == ''waiting'' %}
damit es mit {{ ref }} weitergeht, brauchen wir eine Antwort von Ihnen. Eine
Antwort auf diese E-Mail genügt; die genannten Zeiten ruhen bis dahin.
{% elif status == ''resolved'' %}
wir haben {{ ref }} gelöst. Wenn Sie das anders sehen, antworten Sie auf
diese E-Mail, dann ist es wieder offen.
{% elif status == ''closed'' %}
wir haben {{ ref }} abgeschlossen. Ist noch etwas zu tun, schreiben Sie uns
bitte erneut.
{% elif status == ''active'' %}
an {{ ref }} wird jetzt gearbeitet.
{% else %}
Ihr Anliegen {{ ref }} ist offen, und Ihre Nachrichten liegen bei den
Zuständigen.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Jemand aus unserem Team antwortet Ihnen bis
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Gelöst haben möchten wir es bis
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e8c670c5e9d04848e103d342ab6840cadd59faca8f9623656a595f9adaa2404e','Subject: Missä mennään [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Answer to a customer who asks how it stands.

{% extends "base.txt" %}
{% block body %}
Kysyitte, missä vaiheessa {{ ref }} on.

{% if status == ''waiting'' %}
Olemme pyytäneet teiltä tietoa ja odotamme vastaustanne. Vastaus tähän
viestiin riittää.
{% elif status == ''resolved'' %}
Asia on ratkaistu. Jos olette eri mieltä, vastatkaa tähän viestiin.
{% elif status == ''closed'' %}
Asia on suljettu. Jos jotain on vielä tekemättä, kirjoittakaa meille
uudelleen.
{% elif status == ''active'' %}
Asiaa käsitellään parhaillaan.
{% else %}
Asia on siitä vastaavilla, mutta sitä ei ole vielä käsitelty loppuun.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Vastaamme teille henkilökohtaisesti viimeistään:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Haluamme saada asian ratkaistuksi viimeistään:
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('e9c97ef154e2bf44166bd67d71c04586c535dbb1f40d9d9bc988f5df76a1bb23','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about invoices, receipts, VAT, reminders, sums on a bill.

{% extends "base.txt" %}
{% block body %}
Thank you for getting in touch about {{ topic }}.

The colleagues who do the invoicing will compare it with what was ordered
and agreed, and write to you by {{ respond_by }}. If a copy
or a correction is due, it comes with that answer.

The invoice number or the date helps us find the right document. If a
name, an address or a tax number needs changing, reply with the exact
wording as it should be printed.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ead1fedf2d8bd171d93e373f450712d9775e829f7280dfa05f5e82165cc230ba','Subject: Would you recommend us? [{{ ref }}]
Description: Asks whether the customer would recommend us.

{% extends "base.txt" %}
{% block body %}
You have been in touch with us lately. We have one question:

How likely are you to recommend us to others?
0 is not at all likely, 10 is very likely.
{% if scores %}

One click on your answer is enough; you confirm it on the page that opens:
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Or reply to this e-mail with a number or a sentence.
{% else %}

A reply to this e-mail is enough: a number, or a sentence.
{% endif %}
{% if stop_link %}

If you would rather not be asked again:
{{ stop_link }}
{% else %}

If you would rather not be asked again, reply with the word STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ebedb698aed14fe83796e05e50f8fd73bf73cdf7c20525e4a62890b18605f3aa','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Ordinary mail about ending a contract, calling off an order or a booking.

{% extends "base.txt" %}
{% block body %}
vielen Dank für Ihre Nachricht. Wir haben verstanden, dass es um
{{ topic }} geht.

Wann sie eingegangen ist, haben wir festgehalten. Wir prüfen, was enden
soll und ab wann das geht, und schreiben Ihnen dazu bis
{{ respond_by }}.

Noch einmal schicken müssen Sie nichts. War aus Ihrer Nachricht nicht zu
erkennen, welche Bestellung, welche Buchung oder welchen Vertrag Sie
meinen, antworten Sie bitte mit der Nummer und, wenn Sie einen im Sinn
haben, mit dem gewünschten Termin.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ecf806561b67f3bc7c38f4d3fa3af497ec12a676fb7df7afb326ecdbe5b2d9a1','Subject: Uutta tietoa [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: A person has moved the ticket or says something, or the customer came back to it.

{% extends "base.txt" %}
{% block body %}
{% if status == ''waiting'' %}
Tarvitsemme teiltä vastauksen, jotta {{ ref }} etenee. Vastaus tähän viestiin
riittää; ilmoittamamme ajat lepäävät siihen asti.
{% elif status == ''resolved'' %}
{{ ref }} on ratkaistu. Jos olette eri mieltä, vastatkaa tähän viestiin,
niin asia avataan uudelleen.
{% elif status == ''closed'' %}
{{ ref }} on suljettu. Jos jotain on vielä tekemättä, kirjoittakaa meille
uudelleen.
{% elif status == ''active'' %}
Asiaanne {{ ref }} käsitellään nyt.
{% else %}
Asianne {{ ref }} on avoinna, ja viestinne ovat siitä vastaavilla.
{% endif %}
{% if comment %}

{{ comment }}
{% endif %}
{% if respond_by or resolve_by %}

{% if respond_by %}
Vastaamme teille henkilökohtaisesti viimeistään:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Haluamme saada asian ratkaistuksi viimeistään:
{{ resolve_by }}.
{% endif %}
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ed218a95aef2c2c616b07bfb76e1f088781abef27b70edc527b5425956017db7','Subject: Seguimos trabajando en ello [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: A promised time is missed: sent before it is over, with a new time if there is one.

{% extends "base.txt" %}
{% block body %}
No hemos olvidado su caso {{ ref }}. Seguimos trabajando en él.

Tarda más de lo que pensábamos, y lo sentimos. El momento que le indicamos
era: {{ due_by }}.

{% if respond_by or resolve_by %}
{% if respond_by %}
Una persona le responderá antes de:
{{ respond_by }}.
{% endif %}
{% if resolve_by %}
Queremos tenerlo resuelto antes de:
{{ resolve_by }}.
{% endif %}
{% else %}
No queremos indicarle otro momento que quizá no podamos cumplir. Su caso
sigue abierto hasta que quede solucionado, y tendrá noticias nuestras en
cuanto avance.
{% endif %}
{% endblock %}
{% block articles %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('ed4e8b12ce703bd3354f4238bceccc197b6b1cce220fda60a572f213b235ca86','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Complaint about the act of paying: method, card declined, charged twice.

{% extends "base-complaint.txt" %}
{% block thank %}
Gracias por decirnos que su pago no ha ido como debía.
{% endblock %}
{% block accept %}
Pagar tiene que funcionar, una sola vez y por el importe correcto. No ha
sido así. Es muy comprensible que le preocupe: se trata de su dinero.
{% endblock %}
{% block apologise %}
Le presentamos nuestras disculpas.
{% endblock %}
{% block act %}
Una persona compara con prioridad lo que se cobró o se transfirió con lo
que correspondía, y aclara cualquier diferencia con todos los que
intervinieron en el pago. Mientras esté abierto, no pague otra vez y no
escriba números de tarjeta en sus correos.
{% endblock %}
{% block respond %}
A más tardar el {{ respond_by }} sabrá dónde está su pago, y
se lo dirá una persona, no una máquina. Queremos que quede corregido antes
del {{ resolve_by }}. La referencia para todo es {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ee354b567155999e9f0bec0f6aea9f104ebaf159d851db6f338b13760adc5453','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about sending goods back or exchanging them.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie sich die Zeit genommen haben, uns wegen dieser Rücksendung
zu schreiben.
{% endblock %}
{% block accept %}
Wenn schon etwas zurückmuss, dann sollte wenigstens das einfach sein. Sie
hatten stattdessen Ärger damit, und angefangen hat der bei uns.
{% endblock %}
{% block apologise %}
Bitte entschuldigen Sie das.
{% endblock %}
{% block act %}
Ihr Fall liegt unter {{ ref }} vorrangig beim Team für Rückgabe und
Umtausch. Es prüft, was geschehen ist, und bespricht mit Ihnen den
weiteren Weg so, dass Sie sich nur noch einmal damit befassen müssen.
Behalten Sie den Artikel bitte so lange; hat er einen Fehler, genügt uns
für den Anfang ein Foto als Antwort.
{% endblock %}
{% block respond %}
Wir schreiben Ihnen persönlich bis {{ respond_by }}. Unser
Ziel ist, dass bis {{ resolve_by }} alles erledigt ist.
{% endblock %}
');
INSERT INTO "template_source" VALUES('eff6c16f9bb245526a5b065ec83d98eaa4061bb56041d153bbbd99dd2687902b','Subject: Nous recommanderiez-vous ? [{{ ref }}]
Description: Asks whether the customer would recommend us.

{% extends "base.txt" %}
{% block body %}
Vous avez été en contact avec nous récemment. Nous avons une question :

Quelle est la probabilité que vous nous recommandiez ?
0 veut dire nulle, 10 très forte.
{% if scores %}

Un clic sur votre réponse suffit ; vous la confirmez sur la page qui
s''ouvre :
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Ou répondez à cet e-mail par un chiffre ou par une phrase.
{% else %}

Une réponse à cet e-mail suffit : un chiffre ou une phrase.
{% endif %}
{% if stop_link %}

Si vous préférez ne plus être interrogé :
{{ stop_link }}
{% else %}

Si vous préférez ne plus être interrogé, répondez par le mot STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('f13a59c7b4a6578d31986f2f3dd2c624b993856514319fde8f0a138e83b0c3bc','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Ordinary mail about a website, app, device or software that does not work.

{% extends "base.txt" %}
{% block body %}
Thank you for telling us about {{ topic }}.

A technical colleague will try to reproduce it and answer you by
{{ respond_by }}.

They will get there faster if you reply with four things: the device, the
version of the app, program or system, what you did just before, and the
exact error message, best of all as a screenshot. Until then a restart and
the latest update are worth a try; please tell us if that changes
anything.
{% endblock %}
');
INSERT INTO "template_source" VALUES('f4ed4ed07eedf988824be911daa32d6d1c87a653d93fdfff3818649c92add179','Subject: Received [{{ ref }}]: {{ subject or ''your message'' }}
Description: Complaint about what a product is, does, fits or costs, and its quality as such.

{% extends "base-complaint.txt" %}
{% block thank %}
Thank you for telling us honestly what you think of the product.
{% endblock %}
{% block accept %}
You chose it with good reason, and it is not what you were entitled to
expect of it. We take that as you say it.
{% endblock %}
{% block apologise %}
We are sorry that it has disappointed you.
{% endblock %}
{% block act %}
What you wrote goes, with priority, to the colleagues who are responsible
for this product. They look into the point you raise and will suggest to
you how we can put it right. If you have a photo, or the item number, you
are welcome to send it in reply, but you need not write anything twice.
{% endblock %}
{% block respond %}
A colleague will come back to you by {{ respond_by }}, and
we want to have found a solution with you by
{{ resolve_by }}. Your reference is {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('f5592d89b6d9faa0df8d9a1141af2dbb0edf348cad9299ddbc677e735cf13cc8','Subject: Êtes-vous satisfait ? [{{ ref }}]
Description: Asks how satisfied the customer is, after a ticket was resolved.

{% extends "base.txt" %}
{% block body %}
Votre demande {{ ref }} est réglée, pour autant que nous sachions. Nous
aimerions en tirer des leçons et avons une question :

Êtes-vous satisfait de la façon dont nous l''avons traitée ?
1 veut dire pas du tout, 5 tout à fait.
{% if scores %}

Un clic sur votre réponse suffit ; vous la confirmez sur la page qui
s''ouvre :
{% for one in scores %}
{{ one.score }}: {{ one.link }}
{% endfor %}

Ou répondez à cet e-mail par un chiffre ou par une phrase.
{% else %}

Une réponse à cet e-mail suffit : un chiffre ou une phrase.
{% endif %}
{% if stop_link %}

Si vous préférez ne plus être interrogé :
{{ stop_link }}
{% else %}

Si vous préférez ne plus être interrogé, répondez par le mot STOP.
{% endif %}
{% endblock %}
{% block hours %}
{% endblock %}
{% block articles %}
{% endblock %}
{% block standing %}
{% endblock %}
');
INSERT INTO "template_source" VALUES('f6c18d99305f33f51e9909cb95dfa311a6ac4e7c5c4ca8f568d6b009797db011','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about an order that is still with us: placed, changed, confirmed.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kerroitte suoraan, mikä tilauksessanne meni vikaan.
{% endblock %}
{% block accept %}
Tilaamisen pitäisi olla se helppo osuus. Nyt se ei ollut, ja teiltä on
mennyt aikaa asiaan, joka oli meidän hoidettavamme.
{% endblock %}
{% block apologise %}
Olemme siitä pahoillamme.
{% endblock %}
{% block act %}
Tilauksista vastaavat kollegamme ottavat asian käsittelyyn etusijalla. He
käyvät tilauksen läpi vaihe vaiheelta, etsivät kohdan, jossa se meni
pieleen, ja sopivat kanssanne, miten se korjataan. Toista kertaa teidän ei
tarvitse sitä selittää.
{% endblock %}
{% block respond %}
Saatte henkilökohtaisen vastauksen viimeistään
{{ respond_by }}. Tavoitteemme on, että asia on kunnossa
viimeistään {{ resolve_by }}. Jos mieleenne tulee vielä
jotain, vastatkaa tähän viestiin; kaikki pysyy koossa viitteellä
{{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('faf3925e17dceec764196ec26492756bcd0ef8fe2e8f2b82384c23a60420a94b','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: Ordinary mail about the act of paying: method, card declined, charged twice.

{% extends "base.txt" %}
{% block body %}
Tenemos su mensaje sobre {{ topic }}, gracias.

Miraremos cómo consta en nuestro sistema, si ha entrado, sigue pendiente o
solo está reservado, y se lo diremos a más tardar el
{{ respond_by }}.

No vuelva a pagar antes de tener esa respuesta, por favor. Para
encontrarlo nos sirven el importe, la fecha y la forma de pago. No nos
mande nunca números de tarjeta, PIN ni claves: para esto no los
necesitamos.
{% endblock %}
');
INSERT INTO "template_source" VALUES('fb4d4d5a6e4b1e13e0feb4c140c3c1024abaffa9e45d107a5a6ab95c272d2ca1','Subject: Angekommen [{{ ref }}]: {{ subject or ''Ihre Nachricht'' }}
Description: Complaint about log-in, password, profile, newsletter, deletion of data.

{% extends "base-complaint.txt" %}
{% block thank %}
danke, dass Sie uns wegen Ihres Kundenkontos geschrieben haben.
{% endblock %}
{% block accept %}
Es ist Ihr Konto. Sie sollten hineinkommen, wann Sie wollen, und was Sie
eingestellt oder verlangt haben, sollte gelten. Dass es anders war, haben
wir zu verantworten.
{% endblock %}
{% block apologise %}
Die Mühe, die Sie damit hatten, tut uns leid.
{% endblock %}
{% block act %}
Ihr Konto wird vorrangig von Leuten geprüft, die sehen können, was dort
falsch gelaufen ist, und es berichtigen können. Ihre Schilderung haben sie
unter {{ ref }} vor sich und lassen Sie sie nicht wiederholen. Ihr
Passwort brauchen sie nicht, behalten Sie es bitte für sich.
{% endblock %}
{% block respond %}
Was wir gefunden haben, sagt Ihnen bis {{ respond_by }}
jemand persönlich. Bis {{ resolve_by }} soll es wieder so
sein, wie Sie es wollen.
{% endblock %}
');
INSERT INTO "template_source" VALUES('fcd58235d1f86ac5818ef1a3e381b0bc8968927bf40e27848d53627e77d534cf','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Complaint about what a product is, does, fits or costs, and its quality as such.

{% extends "base-complaint.txt" %}
{% block thank %}
Kiitos, että kerroitte rehellisesti, mitä mieltä olette tuotteesta.
{% endblock %}
{% block accept %}
Valitsitte sen hyvin perustein, eikä se ole sitä, mitä teillä oli oikeus
odottaa. Otamme asian niin kuin sen sanotte.
{% endblock %}
{% block apologise %}
Olemme pahoillamme, että se tuotti teille pettymyksen.
{% endblock %}
{% block act %}
Viestinne menee etusijalla tästä tuotteesta vastaaville. He perehtyvät
kohtaan, jonka otitte esiin, ja ehdottavat teille, miten voimme hyvittää
asian. Kuvan tai tuotenumeron voitte halutessanne lähettää vastauksena,
mutta mitään ei tarvitse kirjoittaa kahteen kertaan.
{% endblock %}
{% block respond %}
Kuulette meistä henkilökohtaisesti viimeistään
{{ respond_by }}. Haluamme löytää kanssanne ratkaisun
viimeistään {{ resolve_by }}. Viitteenne on {{ ref }}.
{% endblock %}
');
INSERT INTO "template_source" VALUES('fdeb5fc151583ee2e03ef5d0b0ac30e85d7e7fc5c51ae3137fc49e52322a5ca8','Subject: Recibido [{{ ref }}]: {{ subject or ''su mensaje'' }}
Description: The topic is unsure, or it is perhaps a complaint. Must be right for every mail.

{% extends "base.txt" %}
{% block body %}
Gracias por escribirnos. Su mensaje ha llegado bien y tiene la referencia
{{ ref }}.

Una persona de nuestro equipo lo leerá y le responderá a más tardar el
{{ respond_by }}. Hasta entonces no hace falta que haga nada
más.

Si quiere añadir algo, basta con responder a este correo: quedará junto a
su primer mensaje.
{% endblock %}
');
INSERT INTO "template_source" VALUES('fefb8a1005ae5867393cee198028b567ada5e966ca8f6aebeab2a1127eb88847','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about a website, app, device or software that does not work.

{% extends "base.txt" %}
{% block body %}
Kiitos, että kerroitte asiasta. Aiheena on {{ topic }}.

Tekninen tiimimme yrittää toistaa vian ja vastaa teille viimeistään
{{ respond_by }}.

Se käy nopeammin, jos lähetätte vastauksena neljä tietoa: laitteen,
sovelluksen, ohjelman tai järjestelmän version, mitä teitte juuri ennen
vikaa, ja virheilmoituksen sanasta sanaan, mieluiten kuvakaappauksena.
Sillä välin kannattaa kokeilla uudelleenkäynnistystä ja uusinta
päivitystä; kertokaa, jos se muuttaa jotain.
{% endblock %}
');
INSERT INTO "template_source" VALUES('ff4cbbf5c2b7f1df975c01e67d1afada89d1ba0bb02731db945e50bf2326a12e','Subject: Perillä [{{ ref }}]: {{ subject or ''viestinne'' }}
Description: Ordinary mail about what a product is, does, fits or costs, and its quality as such.

{% extends "base.txt" %}
{% block body %}
Kiitos, {{ topic }} on perillä.

Siihen vastaa joku, joka tuntee tuotteen hyvin, viimeistään
{{ respond_by }}.

Mitä tarkemmin tiedämme, mitä etsitte, sitä enemmän vastauksesta on
hyötyä: tuotteen nimi tai numero, koko tai väri ja se, mihin aiotte
tuotetta käyttää. Jos jokin näistä jäi viestistänne pois, vastatkaa vain
tähän.
{% endblock %}
');
CREATE TABLE template_version (
	language TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	files JSON, 
	first_used DATETIME NOT NULL, 
	taken_up DATETIME, 
	last_sent DATETIME, 
	sent INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (language, name, version)
);
INSERT INTO "template_version" VALUES('de','account','a5efe16d1068','{"de/account.txt": "5abff2310f3e031d84c275266225b13c75387a05444ec609bc70fc18be8990ac", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','account-complaint','3267733f6123','{"de/account-complaint.txt": "fb4d4d5a6e4b1e13e0feb4c140c3c1024abaffa9e45d107a5a6ab95c272d2ca1", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','billing','fbf766cc5479','{"de/billing.txt": "1d64a67289e412395a523d8767534419dfea10ce7c05b48455a98ee47baf220d", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','billing-complaint','7bedaa89b319','{"de/billing-complaint.txt": "8e945dc751f103328fc9d8bb7d5608cc0396212cf9511a6671a3e0a00e76e383", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','cancellation','03ac5d6657a1','{"de/cancellation.txt": "ebedb698aed14fe83796e05e50f8fd73bf73cdf7c20525e4a62890b18605f3aa", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','cancellation-complaint','6dec698782e2','{"de/cancellation-complaint.txt": "16eef03e8da2671aa4965e654ab30c33e0b942461f04993d2852e5901941af8c", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','closed','fd4e31a9b57e','{"de/closed.txt": "9733a355d5b32823855ded4aaaac547941621b254955c0c255a2f77123ed7faa", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','closing-soon','5f95ea1a168f','{"de/closing-soon.txt": "6fbd735e3689f4322473c03865aac50660a9eac6ac2e51cb70198114fba308c6", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','delivery','afa80f1b5db7','{"de/delivery.txt": "3e4795dd5e4db3e6c0a09d35833abb94650d6b40c15d6a5f4cd3c2ab72888326", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','delivery-complaint','dd64c24c3737','{"de/delivery-complaint.txt": "261fc1a4402cbddd55627bdc8538bf7ef6249b0d368a4a8f4a9a740f8106131b", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','late','db6159095430','{"de/late.txt": "e7d3e8224926d9893902bd9870aa89a280b7f6ce96ff94cc153a1257852e55d7", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','moved','cb3241958f96','{"de/moved.txt": "e8692f12221ed013dea9e3d44fe819491db23c6370c7237c9e1b0272aaf0f2d5", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','neutral','3af50f2ecd70','{"de/neutral.txt": "65ec626289876a2363aa5e35362eafee91232b5fb0d5441193a7e798f5ea0463", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6", "de/neutral.html": "6b7cb35f17010997b4d89c78f009b74360ad6de585e48d3c517dc70c016ca86c", "de/base.html": "59c6f420869e38182285666f2793da3691a1f4e33eff8eabddd6cb951b4b6199"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','order','f0b1e93a4661','{"de/order.txt": "a10dbef33fe1c291a27b56069544cafd8872a5656069954d24ae3c5969c20b3d", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','order-complaint','78196fb1a690','{"de/order-complaint.txt": "bc1f6071c8ee7a1eea034881126511f21736b7039d7d59663debbd6badccf13f", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','other','0922553d43aa','{"de/other.txt": "d3657b5d27d29bcee149e543401f8ce8ea2ed1e91df50dc715c0d65c1b8bf53d", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','other-complaint','d7e91bb1e842','{"de/other-complaint.txt": "a92dc6ee46b2fbd3bc4eaeaa81e92385a55d48d85daeb3a407bb19bf0c8dc9d8", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','owner-due','a07effede29b','{"de/owner-due.txt": "b06397121499b9832668df66d362a62ee1764a08bbc22912baabf34ba67f8ce8", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','owner-escalation','1b4f3068b22a','{"de/owner-escalation.txt": "bd44d30ec8d5fc0909f5ce6d478f888c5afb101da357481c7d47af802a15a865", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','payment','ec850d24e868','{"de/payment.txt": "71d67822141178b4c2638b916b6f94350be7a92b30beaff2c9bde98e8d58907f", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','payment-complaint','b782bbe96aa2','{"de/payment-complaint.txt": "3ae065792474c504b82d70fa66b86741d05380c33a25f8e03c81f8cbe7cac0ff", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','praise','212d382d77cc','{"de/praise.txt": "10c7f1ba2ad87b3051e326d9bffc3e078f76f6e1b5c919794b174344afdb6da2", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','praise-complaint','3146d355ad1c','{"de/praise-complaint.txt": "cc943ddfe109b8bb9617058206898435a5eb34d33d4027060afb02a791d09955", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','product','5b0949c53fc1','{"de/product.txt": "6e469cd3388a78cbbb36a48ba0d73aa1a742be8ac99dd10d760ddbb48767a632", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','product-complaint','ac3b42b56e32','{"de/product-complaint.txt": "92cdcf507f723ea0519e8cac0eab6879f9616f41a3af21e92084f326c7f1db00", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','refund','178f83e0a844','{"de/refund.txt": "2c11ee2e8129f4972b0ffe5b5a2a22ad8e3a114d52e5117630d934fef1a9a9e4", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','refund-complaint','f4b689523a3e','{"de/refund-complaint.txt": "5806d48fa9808810b97563271a975dc695f94998b20fd20bfb4ad2e4c853d29c", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','return','aeff8184c7e7','{"de/return.txt": "682dba84fa2971417289b77f34645c97638678b75575a5e051678b8a73067f0d", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','return-complaint','a75c056b64df','{"de/return-complaint.txt": "ee354b567155999e9f0bec0f6aea9f104ebaf159d851db6f338b13760adc5453", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','status','35964ad60f36','{"de/status.txt": "cf1427eead824e475a9e0156698b19d47a62ddef9b67bd733e2aba6769da1c7f", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','still-working','13b6d3d5af42','{"de/still-working.txt": "6a04d85fd6f7a9837dcc0dd31043d4d95fa3ef59a26ca7594d4b2b4778416ef7", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','survey-ces','aa7e4cdce635','{"de/survey-ces.txt": "c8761b4288510b9f964a93c8215672fb491c79defcc017f93f34bfd06585d387", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','survey-csat','2bc11c5a6a2a','{"de/survey-csat.txt": "12c6fe58c8f9c65ee7113f93129ce288e4749f08f1080c101070ae4d5fe2436d", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','survey-nps','547d6053d0dc','{"de/survey-nps.txt": "0f147f1fbe2c7f06d68cdf05115544c5e3839d2a51a69d384b1ea3ecd7abebc9", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','technical','d23d039e02b5','{"de/technical.txt": "59d13790427f063eb06fb12663d9ae67283ed45440f9d844d0b686697d66b412", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('de','technical-complaint','b3af69204405','{"de/technical-complaint.txt": "533c461c4adbb880d7b8f011b313f8e10b9aa49db41a2d6d70b774b33d416ac4", "de/base-complaint.txt": "91a6f926f72d160b2e565db5e6e8586f995cc62a97bac02d15315785461c9466", "de/base.txt": "1a6b90537f15c8129c1969ca2be0b659561bec5203cbd4ae6c17a08e53fdb4c6"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','account','fe5c9b0bba73','{"en/account.txt": "d04a3e38e93202e50bf55946d1a2fa69496513257491fed48874c9c676f3e8b9", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','account-complaint','911c09a77e97','{"en/account-complaint.txt": "de5918554b0526f4922783b00d0199805c970d0eea868ccf73ebfcd4f69879f7", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','billing','c73452af2c36','{"en/billing.txt": "e9c97ef154e2bf44166bd67d71c04586c535dbb1f40d9d9bc988f5df76a1bb23", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','billing-complaint','d0b82d0c04bc','{"en/billing-complaint.txt": "c78061723e9ed701a03b3be4f62b6476ff95c99eacf0ebb0e73eb29f3bf287f3", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','cancellation','384200a7bd08','{"en/cancellation.txt": "b712d9f4df58eaa63266921606e022c785a18499f0894fd684716b6e7352c50c", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','cancellation-complaint','93ea499207b3','{"en/cancellation-complaint.txt": "8c6359ac0674670009f389d2e98ce1ded600d2c37b636e8d26474ac1daa0dad8", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','closed','58a3cd595d41','{"en/closed.txt": "d196f64b32ff9cbd50770fc3822567ca8c1c793bd6186a63aa687db684936c3d", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','closing-soon','68be622d9c2a','{"en/closing-soon.txt": "df1a2a5125a4c2b2fd4edc88047ca7b603ae18723329af3a989f3fc3570fc391", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','delivery','70ae416739a3','{"en/delivery.txt": "5b61546dbc2db80b09272a6acc829e19058cc3bae7066eeccaf0b29af1b445df", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','delivery-complaint','2f99b8cebe19','{"en/delivery-complaint.txt": "633261b1380de36a074e47ff09782ebfd1ba63c1d2af3a2b462af2e43c62b81b", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','late','de96c634ee0e','{"en/late.txt": "ca334cabe03f63e9880a474b74fe40db267c8eb9ca4444cd26d8d97b43a43713", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','moved','c7dd5ac6a818','{"en/moved.txt": "ac56bd039878b917e14647aac64bb86bd59f1bb67b2ff906afc5d50f2a13ffc1", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152','2026-11-30 00:45:29.500632',3);
INSERT INTO "template_version" VALUES('en','neutral','c3a05890bee4','{"en/neutral.txt": "c5689e1eebe92df2a1160a3476265ae58476dfe342364afdab890d492a527a33", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3", "en/neutral.html": "7e627cf92032f808dba364bb8bf341c130e6cf07370cfbca3d4eae2fb356f47b", "en/base.html": "cf25f57223756de0e7f48b2aafd11fc0d77daa090d0b918431169cb7ac63e109"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152','2026-11-30 00:45:29.054828',4);
INSERT INTO "template_version" VALUES('en','order','233c23ca97c5','{"en/order.txt": "afed3511a43b2dfaa5dd09c0c6423b09a8a544c5f40cc4901d784c7d8fad49b8", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','order-complaint','c41c8496c516','{"en/order-complaint.txt": "dde1291bcce5b8e87cfebd790accb32c12ea4eb18028e1acc38174c1439b4221", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','other','17801dfed520','{"en/other.txt": "3d3b5fabc1adb59c6f63652db968d730da067cf610ccb37eaff1e31182f02174", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','other-complaint','aeb8e53cbf25','{"en/other-complaint.txt": "137f1e0e57cbdf77d70faec1bfcd14bab61a11d08187f78dc761e2ef54ced204", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','owner-due','ecfe01ade714','{"en/owner-due.txt": "c3bcc37328d801e289c9b0fe8091711a4c94636653626911a950bee0f800efa3", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','owner-escalation','5ac48e113858','{"en/owner-escalation.txt": "8a5130736ad054b54139147896d845034ebe4b373c61fc3e937a4ee1c46fa019", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','payment','4e7d06f259e9','{"en/payment.txt": "5031a6974431f72525429a4ebe865d88ec468f699113b87059b54f0d6fc6846a", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','payment-complaint','ee21f50afae3','{"en/payment-complaint.txt": "4e292030c711fd3b688040db2b8faeb34e3b3b81c40005c24e5c4523013f8636", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','praise','bfd02a3e2925','{"en/praise.txt": "5cdd42c85dd6654bc0dd265a16a8076ec1a2b0ec0f8accc4e098a7ce61a35265", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','praise-complaint','5281e4267c16','{"en/praise-complaint.txt": "bd022ab3fd0bc3fbf8823fb0ada1d3b3e2633ddc7d687b3e1c73a09d29e5a5a1", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','product','1bfba5d17f67','{"en/product.txt": "ad917b7893693591105123441df6b81468fb6e652e0192c7e418634ba1492a93", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','product-complaint','4da37deb2654','{"en/product-complaint.txt": "f4ed4ed07eedf988824be911daa32d6d1c87a653d93fdfff3818649c92add179", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','refund','9b160f27de20','{"en/refund.txt": "08b3631fc8e7243d23a68c3340bc60c8896afb94fdd7c0a55e286bc9b2fe5385", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','refund-complaint','099e9a514095','{"en/refund-complaint.txt": "5df9db699c76649c1a9a1836ef5c819c4c99761cddd8c48676e1b74a228215d5", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','return','639e117cd3ff','{"en/return.txt": "7540d99f2d324c32f11e97310f3a7570c2c4cfae904016858531c6c45a489a34", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','return-complaint','dc85b897567a','{"en/return-complaint.txt": "6550dde8b2ba392cdc74a0d18fb9b00a6f5b53e558dfd350a4ffbabc314cbb5d", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','status','3720a2bc8d86','{"en/status.txt": "5d710c832bc855e4d137ca97d0edc89253160cf3752d9e41578206bfe8531046", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','still-working','086cb1827a0b','{"en/still-working.txt": "e429124baa5857a51ad5f57bef0c7b6d88e9a7aec80799166d30496bd0ca4cb7", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','survey-ces','ee49e67e384e','{"en/survey-ces.txt": "a126b7b91071bf262e06c508c27ef283fd1d2421ea108c60f23069dd13b7888b", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','survey-csat','d1a082eca7c3','{"en/survey-csat.txt": "5f8dc0d847dd4a090e2f830edda42dbbce112d1d3fbe00d64be670e4b317b5d2", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152','2026-11-30 00:45:29.525494',1);
INSERT INTO "template_version" VALUES('en','survey-nps','99b7511ea7e7','{"en/survey-nps.txt": "ead1fedf2d8bd171d93e373f450712d9775e829f7280dfa05f5e82165cc230ba", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','technical','4f2fad5f08a0','{"en/technical.txt": "f13a59c7b4a6578d31986f2f3dd2c624b993856514319fde8f0a138e83b0c3bc", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('en','technical-complaint','9352acaddccd','{"en/technical-complaint.txt": "c2bf3ab91fbf2794c8f0f00269eff20c4c0dfd8cc3f40b7461a9b9f5b51455a9", "en/base-complaint.txt": "0e1d52fe8c913aee61334a281d65418d4cebcddfa14592464d0c84ff4b1434fe", "en/base.txt": "b923a9241d61a04c0959e09cadf8650e672b1e87b1bce89640779995c72e64e3"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','account','0e0eeb176239','{"es/account.txt": "4f128db9151aaa22893922c12d0d65b2c6e8aa9e7add6cd8e0dbec29c0032121", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','account-complaint','01053fad3767','{"es/account-complaint.txt": "5bdda77dabaddfcd6d1099f7726053512be1190f8226d2457211e37218c47177", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','billing','27a887740c17','{"es/billing.txt": "a7772f52f96b99743a470d0b85dc16aa3dfdb2e946d81704ec47c76147ad60dc", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','billing-complaint','282600b2e200','{"es/billing-complaint.txt": "59146bd0d6829e64de0ec600c9997d4b2d317885019bc518fa25fec77275180e", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','cancellation','dcf9d9fca9d0','{"es/cancellation.txt": "ac5c6a8896ce7647a0f88f9fc616614c4ff147a43ab0537ad10cf108b341b798", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','cancellation-complaint','6392554418b4','{"es/cancellation-complaint.txt": "72c990b925617271ec3270230e5af0012c6cdf8a53ce78ca322c7047f32662f5", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','closed','f6e3016ac127','{"es/closed.txt": "336540257f44bd4c29666a8ee87da5b8fb7427007231e2fd593bbfbbcf98c15e", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','closing-soon','caab8870b461','{"es/closing-soon.txt": "013456a10cdb24b3322b8336427eab5478fc5204969881b1f6c3ab3b7f2aa9fa", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','delivery','f1975fe6ac39','{"es/delivery.txt": "dbea371d29e33a26de248265e63d1aa4f18b7fa8e6bb63d4170953f1a3ef41ce", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','delivery-complaint','246c787c9dd1','{"es/delivery-complaint.txt": "330704a0b7cbff8016985b7602ed0e7ec0075eb1371a22e0c3baeae12831c604", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','late','5602bd23d064','{"es/late.txt": "e1cc04e7a26ab00048396587575970a4189370975f0bf4742df34417ce922804", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','moved','04862feea29b','{"es/moved.txt": "622bc915c06aa3e3f9307f389914ccf28b15fba735e6f3ad891a535303bb67f1", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','neutral','41c3a23af2be','{"es/neutral.txt": "fdeb5fc151583ee2e03ef5d0b0ac30e85d7e7fc5c51ae3137fc49e52322a5ca8", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25", "es/neutral.html": "51e668bc3b44ef7dfb1bcaa648ae6ed0e518e5c833431bb985c80ba0670cc0ba", "es/base.html": "d98da34792acafcb61952d2688bdf01d37a37377a1f55072fed90acd1c43d500"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','order','b874c7b13d97','{"es/order.txt": "29f54ad173f7a54a4b3b96d5dc9134cae185d4cbde6e874666604a5903d82696", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','order-complaint','ef6510e10459','{"es/order-complaint.txt": "0d3bd6d037df0286def2b05b6381dc531b8f41ca54ea8a52d26e819ebafd8735", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','other','41153dbeab53','{"es/other.txt": "1d50c4a3f974d952247725b5d72e55cd9a7f714374e41d551c6fbf92d4ec9f3b", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','other-complaint','4ca5b90d7bf5','{"es/other-complaint.txt": "b8fafe0401dec393cb978bdd9fd713c17e29f10ef3771d4d594be46cc932a849", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','owner-due','e26effc7e98e','{"es/owner-due.txt": "8a9f4c1bf4a04eb85b8efb9c5a3bfed2432150ed6f55c6e2fa6cfffc5389ef21", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','owner-escalation','5f2e7d0336ef','{"es/owner-escalation.txt": "196fabae1204421f773d17f0df436385fcf0b81f204e594d1a042315a4e7d9e1", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','payment','c97f9d98ef03','{"es/payment.txt": "faf3925e17dceec764196ec26492756bcd0ef8fe2e8f2b82384c23a60420a94b", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','payment-complaint','26b3ab7ff684','{"es/payment-complaint.txt": "ed4e8b12ce703bd3354f4238bceccc197b6b1cce220fda60a572f213b235ca86", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','praise','b7139880ec50','{"es/praise.txt": "d65c4b70556a59758f21217fd4743098f5f29a5b190c06f7bd152ad30e574ee0", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','praise-complaint','97439e063149','{"es/praise-complaint.txt": "62f4ce9a531d06bf33d3242a22ad9f2396dba06621866e5b206936d28c102da2", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','product','723eb507f081','{"es/product.txt": "bde01322dc738a0e7711a38273f81c89d266b0fdb58c3b457931f1ec3f74ad13", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','product-complaint','119b7fee0c8a','{"es/product-complaint.txt": "5ed5f8a1a87802fcf1bac6de34c533d9f6d330b766c497c028996bda6354cca1", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','refund','5c287f1ca378','{"es/refund.txt": "75f426691b37e76b8d346ae3e7f5a2e269199d3b6acad86adb34ae32189d3dfa", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','refund-complaint','4a2284bb6beb','{"es/refund-complaint.txt": "6b075ec9a43832098da491a81719fe863d0dc4e6cf302dc7d4b943f4bfd1638b", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','return','8fbfb382bea0','{"es/return.txt": "7c695ad5bf5ce5b93924fd1f896448d82ab47347f90dea44ed7527db2df73d9a", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','return-complaint','d8e436f6f010','{"es/return-complaint.txt": "6a2f5a74f11ae9d89e08b63a8c471f53a707cc2f14d0b0bb4648cf0608555997", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','status','f7c1a3d98df3','{"es/status.txt": "44cba3904072f3c65384a7fe96904f36df3c073381ebb483e331e022a80afe0a", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','still-working','1f33756d2826','{"es/still-working.txt": "ed218a95aef2c2c616b07bfb76e1f088781abef27b70edc527b5425956017db7", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','survey-ces','ab85fa4bd922','{"es/survey-ces.txt": "cd6c635eef0fc96b9e8c94b48755f6e40ca550812b34be3d739522c16ea80f0a", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','survey-csat','5751f8b4baf9','{"es/survey-csat.txt": "937244fcf89bc2f64ba42b40538fee6080576dbea55c01f5f2022588fa503f04", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','survey-nps','dea0d17b3d5f','{"es/survey-nps.txt": "2e67496c28cf6c932eca82090dae20b30a73e0f9b8dd10a7d8ac610160be2df4", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','technical','a72cbe16fc09','{"es/technical.txt": "65eb91f5341e7194e1aa7c58f9368fd52ccd7e59cd21fdef385aa27ea49f5918", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('es','technical-complaint','d484fc4f63cf','{"es/technical-complaint.txt": "a98fd43a68e6fad1d8c91643576cedd6d7ae6cce9e0716d38e0ef493c9d31876", "es/base-complaint.txt": "0baaaa0d0d4c64fee3ee63f448fe030bd4b362afe701c080a1d1461725cae064", "es/base.txt": "9f61fe18bada032bde9f4935e93645f7bc0b73f010ead7f53a806ea54ad17e25"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','account','4e50e7e66d68','{"fi/account.txt": "18cd98295c3c62f99cc5efe99dc6bd1e9173785d1b0f7914623c00bea729fc70", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','account-complaint','0a5c8510ba59','{"fi/account-complaint.txt": "760850e19d16e1e91c4c84583b644674495ddced6047523a84b4b8a0ce65ce82", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','billing','557c9e459042','{"fi/billing.txt": "479ec149b32626b0ab7c656f90dec44df7d555c4eb32a19e2c1046c672fc43b0", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','billing-complaint','8065307e73c0','{"fi/billing-complaint.txt": "b4b37786739a963f8c24d7725a5e2e758a01fb04b0a27dba06efecd55955cb75", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','cancellation','69240c9de981','{"fi/cancellation.txt": "499881f29a2f9a248ab704fb1b82c3b2f9e91269371e3e12e581f1e2c30f27e2", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','cancellation-complaint','aca394e0a343','{"fi/cancellation-complaint.txt": "99346836504aaa5d85ec7e745cd0008d4d317caf33bc9904cece73bbce1f4771", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','closed','2de1806b8b85','{"fi/closed.txt": "7fee86ff022b112b324d26862e7f21111dac5e658e420e9cbacf8bd3bf1a96ae", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','closing-soon','ba48e942a388','{"fi/closing-soon.txt": "bf8049de2c442d8c21fb49a4a4d917405ca23b545afe70c1b23fe88030c61a7f", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','delivery','6dc00d0dca92','{"fi/delivery.txt": "d00067e6ad13c487ce69b61f5a0efe135316c791b1ac48911c89739457c7624f", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','delivery-complaint','bbda559248b5','{"fi/delivery-complaint.txt": "b19b95373ea4ffc0826c6f38e5d6518bef9bcc9a195391a737e58ae8cca26124", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','late','6b4b8b26e00b','{"fi/late.txt": "97deb2037c92644b3ccea07c44626268c3412169f7d02a62df7d9df7b58f2d8a", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','moved','1defe1201fd3','{"fi/moved.txt": "ecf806561b67f3bc7c38f4d3fa3af497ec12a676fb7df7afb326ecdbe5b2d9a1", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','neutral','df34ce47d6dc','{"fi/neutral.txt": "398ff3469e6e90c7fcf49186ea909d8232dc9802e40c2f9bb8000f8f239921f0", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba", "fi/neutral.html": "ab88d8c07e8444e32ae4161e1b56461e1160119290d8636a3171f52596a2d4cd", "fi/base.html": "859cec4cbfa9921afd7cbca86dfe6cd344f1ff3d55657835c1e2af3a4ee14d87"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','order','98ec15fcb77a','{"fi/order.txt": "736ead2fc5a9aaf806b3d6338b00ed7f3581f860b0bffd8535b4bbb0542c616f", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','order-complaint','1ec713f71f97','{"fi/order-complaint.txt": "f6c18d99305f33f51e9909cb95dfa311a6ac4e7c5c4ca8f568d6b009797db011", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','other','afe0df23c6db','{"fi/other.txt": "bd64a468ccc42bb7b9e5fbcc85ab2af34f00e45672972f4f09aa3496e7b9431a", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','other-complaint','93fa70269421','{"fi/other-complaint.txt": "a0239d068ac8cf906d235924d2beb4a1a0047ad4039890f14dd1e070df40701a", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','owner-due','c70242bd8f2d','{"fi/owner-due.txt": "c2091f618b4d665e78c0df7e922a1f7bfa06b6cce5fa330c9c4970da1ebd425d", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','owner-escalation','2f900736d17a','{"fi/owner-escalation.txt": "e5c657ec456b24478f02fd540b1f4161c6ea1079074c5a39ad0c9819331bfa5e", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','payment','7dc8f3759aba','{"fi/payment.txt": "c6c7ebf0f7a0c18e0bd63665939c0f83c096c50b4cbf1023d333ed627b3d1dbd", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','payment-complaint','d60df851b0bd','{"fi/payment-complaint.txt": "0b0247afbff4b5e29e00eaf850acf41124465dd527a06c1ac8e07430e01657b0", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','praise','405e1c560306','{"fi/praise.txt": "1620892e5130475a5abccce568d842820e66bc594e42e24001be1dcacee3c0ed", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','praise-complaint','c1f751b51c0c','{"fi/praise-complaint.txt": "090e45db2c9830a11f289a4c34fa879b352507a8cace056499cf268b8c3fd027", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','product','d40df50790c8','{"fi/product.txt": "ff4cbbf5c2b7f1df975c01e67d1afada89d1ba0bb02731db945e50bf2326a12e", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','product-complaint','54b35359920b','{"fi/product-complaint.txt": "fcd58235d1f86ac5818ef1a3e381b0bc8968927bf40e27848d53627e77d534cf", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','refund','b67288ec108d','{"fi/refund.txt": "baf92b600292137e5ed9d4827bcf3a4096f2ad81655c9466b7d524fc4fdb98b6", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','refund-complaint','1012f0a8d17f','{"fi/refund-complaint.txt": "232cf206e2aa2f0f2395b5bcfadd318f47762376d3b4f167e40bc7413120fe51", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','return','c9afbd259a3b','{"fi/return.txt": "d1a498cf5d17cd520bd624361ef06619878a8c20b52a7736854acdf1f29c34f4", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','return-complaint','a4f3efd9150d','{"fi/return-complaint.txt": "ac6770b4a13ee468162ba6f3741176a9520bea2a0da1f6e4d9e3e0f2763c8b8f", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','status','64600a838468','{"fi/status.txt": "e8c670c5e9d04848e103d342ab6840cadd59faca8f9623656a595f9adaa2404e", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','still-working','63f1f283a3a8','{"fi/still-working.txt": "58f11f5d907c42b69565ae17cc369ec553e3b33e40ede8331c42a0da1a9ebc9b", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','survey-ces','f6b0901d3471','{"fi/survey-ces.txt": "6e27fd958b9c3efe90216acd23462bab1de7d0e3d58c252a2c164bda68f9eb85", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','survey-csat','a1198d5e3292','{"fi/survey-csat.txt": "32cbd5b8579bd150038767c016e63c5ede006974b06700d763f6d81fea6c3b6c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','survey-nps','6a0c99f47b78','{"fi/survey-nps.txt": "0a4aef43515c2adb2bcaea72f5ee7fa2250784c908241d98b073efd86257e412", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','technical','a06b2c50b1b1','{"fi/technical.txt": "fefb8a1005ae5867393cee198028b567ada5e966ca8f6aebeab2a1127eb88847", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fi','technical-complaint','b8e0863fc9d6','{"fi/technical-complaint.txt": "38e1b84bc793603d2839c7efaa5cee93136f43faf205214d920325b72b410014", "fi/base-complaint.txt": "568c872fc609acc8c3449d34756cd0f491c59fdfc6161a89a2a5558993a48e7c", "fi/base.txt": "47d4d10a6e9af1858d80bbf7396aa57ae78978b52f95f4a3ce9c87abf57f36ba"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','account','943516bedffd','{"fr/account.txt": "becb3ac9f1a6ef6a2e4d33aaab08e2d5699ee61b3461dbeb17cb1450ceea6b08", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','account-complaint','7ef6d8fccd89','{"fr/account-complaint.txt": "5c9c157860963fdc5e399cc102111a527b025c3de3ef7c16becb5f1c041b790c", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','billing','11ec94e14003','{"fr/billing.txt": "2f810b6afb3a8e913f86a3a31be4440cf39f5ae6efe7f2fb278fa21b5d71c1b4", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','billing-complaint','861e2b99cfb7','{"fr/billing-complaint.txt": "6b466ba15ac437751b2662c85851e8e446d3436061e5f6adacb4ed1581fb3e74", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','cancellation','ea4e0ed5a05e','{"fr/cancellation.txt": "dc2c8ba8894475270895382b062f1fe718869dea1f46f6d11d12c21642385698", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','cancellation-complaint','a6da5456dee2','{"fr/cancellation-complaint.txt": "4380f872e54978cb5d9144adcd9369d9d421ef6bad2db120fb59031a4c2b05dc", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','closed','6dfac29f6858','{"fr/closed.txt": "1b3b65ca3de4038f41dd450e1d9173946ad3113430981068e4d4846a31430782", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','closing-soon','af2924b0827a','{"fr/closing-soon.txt": "31e0e4ce052d4a052600fa5d510a0ceff984a1ca92b42a82b34d623120772335", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','delivery','26f878ea8195','{"fr/delivery.txt": "64c079afe46f4c6436e6e18704df0e3e15c222c0fb2e2b3f027effbaa3f28dd0", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','delivery-complaint','ae13ff060cff','{"fr/delivery-complaint.txt": "8a824407d261ea4342d8bdbf3b7c9cdabf568f5b9525b58b7d2aedc7d3208c69", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','late','d212cb2ab960','{"fr/late.txt": "90cf9750afd3acb9d605dcd4be4c44fabdf4a2ee9f4e68e48b6a00591498c82f", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','moved','956c27728487','{"fr/moved.txt": "e4a9fee15cbc486656330d021079b7ccec9e1ea9e9835885fd900837be79393d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','neutral','bb367e804985','{"fr/neutral.txt": "1eeab2ab22e807db4e0a5fe198d982452a09f791f538a725cf72be5ac6c63151", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57", "fr/neutral.html": "e6562cbce86b4a5502d2543b3cd5c647b02ba811586b9cbc424af0dd2ea6d2f1", "fr/base.html": "13a600d84f9aadb51cb82594540efb140cc2a4c8af1b5d6a350a6f0ffd16e131"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','order','3d8ae350e05f','{"fr/order.txt": "78b80592991303d40d6b6b2bae6b1217be37d6ebe2eafb0248f02988d17e84c6", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','order-complaint','a80302f24b11','{"fr/order-complaint.txt": "550d24e75235329de82a50bb429be634c1c4bcd24af19299deceea1f8cc6c6b8", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','other','1327942c92da','{"fr/other.txt": "e05b2b12d57ce7bce3cc0a012c0794dcb0a15ffe5fc9bcfe7d7d9500fbfcb6dd", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','other-complaint','81f9ebd32d9e','{"fr/other-complaint.txt": "d5931003d2e7344ca441cc95595002f8dda99d3d977bee8c6e170620283587f8", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','owner-due','20ce48a8ec14','{"fr/owner-due.txt": "5c94c86dfa178e2dfc2a9c3d83ad50a016f7e5202c2d95b586d7ef5a859e1db4", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','owner-escalation','612d616d2e31','{"fr/owner-escalation.txt": "a6867d5d7924a247d777e5abe2e5409af2dc944946126c2abc17c9c7d2236783", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','payment','dc0f5de8e580','{"fr/payment.txt": "6394c9fe829d022f8bdc0bff7bec9822c00ccb2c4f59662121fd0e61d7169800", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','payment-complaint','8b64e7138ee8','{"fr/payment-complaint.txt": "84e6a7615a498d076e86945e55e4805b78873fc03b36ed6ff3d2876ab1d64240", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','praise','2a5d0362b4c0','{"fr/praise.txt": "bdd298773803e8084059fcad0b25cac90c7b35387b91f9c4962ae6f366414014", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','praise-complaint','89847e9a682e','{"fr/praise-complaint.txt": "1f78966e739213069d07ba5ee5007c3fdd7d75eef18f2645e4586f5fcd49c676", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','product','b8e1d54d24a8','{"fr/product.txt": "4d7db650ac586807da845b4976029aea58b6f92cb92f0ec8a75c3838a82de818", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','product-complaint','df05b27b0076','{"fr/product-complaint.txt": "a5135084ab01497f96e372d401b6ce822a859c71d73c96c99a50378f1f84998e", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','refund','bfad0e9006f4','{"fr/refund.txt": "ca4224f81b6cb4ce6c47b9bafa1fc41cf6358bd38b7778d4fc9136b6e0f766d0", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','refund-complaint','e973b594db32','{"fr/refund-complaint.txt": "8ca54b4a776142fbb90bc4b0a3dab6c9938764a95f2a150f284545455562f0ec", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','return','db790fdda598','{"fr/return.txt": "88e72ba6b4a02de1e2b6d0d1456cc2c5865b2273d8ac44c44196fd428b5673e7", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','return-complaint','fbaec18e972b','{"fr/return-complaint.txt": "2c469f2b47b2cef5259d9de34fb283728efd1e12c28cb9058ff3eead551fe8cd", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','status','b48298827c69','{"fr/status.txt": "d8521f2e314130346d9c5e8d710b81e471e2a4e546c24cbb511bca219c8a6a16", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','still-working','c0749d77a857','{"fr/still-working.txt": "5ad04ade2a8a5f8efeaaf6ecfc4ff2bea738b9b00870de4897d779b5f2f67705", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','survey-ces','a88bf2118670','{"fr/survey-ces.txt": "6b88913581cd322e33666cfe3b66bbe73dd81d1aa253e20df938e840e3365778", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','survey-csat','35683d26f6ec','{"fr/survey-csat.txt": "f5592d89b6d9faa0df8d9a1141af2dbb0edf348cad9299ddbc677e735cf13cc8", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','survey-nps','ee373bbe8781','{"fr/survey-nps.txt": "eff6c16f9bb245526a5b065ec83d98eaa4061bb56041d153bbbd99dd2687902b", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','technical','4fcba62beb6f','{"fr/technical.txt": "266e00e61b5a9ae1a4ae0de2f2614a4a055d5cbd75f205b4fd153dda3442031e", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
INSERT INTO "template_version" VALUES('fr','technical-complaint','595c2b91aec4','{"fr/technical-complaint.txt": "9fdd1c329bdc2f3f946ed1a6a589c043ebc52d4e790dc67a1a309019f2ed769a", "fr/base-complaint.txt": "bb855ec320a0b7f585977c4d59d01d026d10450b4a16d3ec383614a4f9afc17d", "fr/base.txt": "12797d884a96cf2d54952406a3f70527253801dcae00cd979d31c6a2f26e7e57"}','2026-11-30 00:45:28.590152','2026-11-30 00:45:28.590152',NULL,0);
CREATE TABLE ticket (
	ref TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	status TEXT NOT NULL, 
	customer TEXT DEFAULT '' NOT NULL, 
	customer_name TEXT DEFAULT '' NOT NULL, 
	participants JSON NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	topic TEXT DEFAULT '' NOT NULL, 
	sentiment TEXT DEFAULT '' NOT NULL, 
	complaint BOOLEAN DEFAULT (false) NOT NULL, 
	to_check BOOLEAN DEFAULT (false) NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	owner TEXT DEFAULT '' NOT NULL, 
	opened DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	respond_by DATETIME, 
	resolve_by DATETIME, 
	tracker TEXT DEFAULT '' NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, responded DATETIME, resolved DATETIME, outside_id TEXT DEFAULT '' NOT NULL, project TEXT DEFAULT '' NOT NULL, priority TEXT DEFAULT 'normal' NOT NULL, checklist JSON DEFAULT '[]' NOT NULL, seen JSON DEFAULT '{}' NOT NULL, polled DATETIME, folded TEXT DEFAULT '' NOT NULL, told_status TEXT DEFAULT '' NOT NULL, asked TEXT DEFAULT '' NOT NULL, moved DATETIME, answered DATETIME, warned DATETIME, notices INTEGER DEFAULT '0' NOT NULL, compared BOOLEAN DEFAULT false NOT NULL, 
	PRIMARY KEY (ref)
);
INSERT INTO "ticket" VALUES('K2YS-6MN1','K2YS-6MN1','resolved','person1@example.org','Person 1','["person1@example.org"]','Where is parcel 1?','parcel','negative',1,0,'en','logistics@example.com','2026-11-30 00:45:28.981984','2026-11-30 00:45:29.351954','2026-11-30 17:00:00.000000','2026-12-04 17:00:00.000000','github','','2026-11-30 00:45:29.351954','2026-11-30 00:45:29.351954','','','high','[]','{}',NULL,'person1@example.org','resolved','',NULL,NULL,NULL,1,1);
INSERT INTO "ticket" VALUES('K277-V5Y5','K277-V5Y5','open','person5@example.org','Person 5','["person5@example.org"]','Where is parcel 5?','parcel','negative',1,0,'en','logistics@example.com','2026-11-30 00:45:28.981984','2026-11-30 00:45:29.270519','2026-11-30 17:00:00.000000','2026-12-04 17:00:00.000000','github','','2026-11-30 00:45:29.270519',NULL,'','','high','[]','{}',NULL,'person5@example.org','open','',NULL,NULL,NULL,1,1);
INSERT INTO "ticket" VALUES('K2HP-TXZS','K2HP-TXZS','waiting','person6@example.org','Person 6','["person6@example.org"]','Where is parcel 6?','parcel','negative',1,0,'en','logistics@example.com','2026-11-30 00:45:28.981984','2026-11-30 00:45:29.311160','2026-11-30 17:00:00.000000','2026-12-04 17:00:00.000000','github','','2026-11-30 00:45:29.311160',NULL,'','','high','[]','{}',NULL,'person6@example.org','waiting','',NULL,NULL,NULL,1,1);
INSERT INTO "ticket" VALUES('K2DK-HDMK','K2DK-HDMK','open','person7@example.org','Person 7','["person7@example.org"]','Where is parcel 7?','parcel','negative',1,0,'en','logistics@example.com','2026-11-30 00:45:29.636078','2026-11-30 00:45:29.636078','2026-11-30 17:00:00.000000','2026-12-04 17:00:00.000000','github','',NULL,NULL,'','','high','[]','{}',NULL,'person7@example.org','','',NULL,NULL,NULL,0,1);
CREATE TABLE ticket_event (
	id INTEGER NOT NULL, 
	ticket TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	actor TEXT DEFAULT '' NOT NULL, 
	mail_id TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, public BOOLEAN DEFAULT false NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "ticket_event" VALUES(1,'K2YS-6MN1','2026-11-30 00:45:28.981984','opened','','K2YS-6MN1','no rule speaks against an answer; a complaint',0);
INSERT INTO "ticket_event" VALUES(2,'K277-V5Y5','2026-11-30 00:45:28.981984','opened','','K277-V5Y5','no rule speaks against an answer; a complaint',0);
INSERT INTO "ticket_event" VALUES(3,'K2HP-TXZS','2026-11-30 00:45:28.981984','opened','','K2HP-TXZS','no rule speaks against an answer; a complaint',0);
INSERT INTO "ticket_event" VALUES(4,'K2YS-6MN1','2026-11-30 00:45:28.981984','offered','','K2YS-6MN1','voucher: offered in the acknowledgement, to be honoured',0);
INSERT INTO "ticket_event" VALUES(5,'K277-V5Y5','2026-11-30 00:45:28.981984','offered','','K277-V5Y5','voucher: offered in the acknowledgement, to be honoured',0);
INSERT INTO "ticket_event" VALUES(6,'K2HP-TXZS','2026-11-30 00:45:28.981984','offered','','K2HP-TXZS','voucher: offered in the acknowledgement, to be honoured',0);
INSERT INTO "ticket_event" VALUES(7,'K277-V5Y5','2026-11-30 00:45:29.270519','comment','root','','The carrier has it.',1);
INSERT INTO "ticket_event" VALUES(8,'K2HP-TXZS','2026-11-30 00:45:29.311160','status','root','','open → waiting',0);
INSERT INTO "ticket_event" VALUES(9,'K2YS-6MN1','2026-11-30 00:45:29.351954','status','root','','open → resolved',0);
INSERT INTO "ticket_event" VALUES(10,'K2DK-HDMK','2026-11-30 00:45:29.636078','opened','','K2DK-HDMK','no rule speaks against an answer; a complaint',0);
INSERT INTO "ticket_event" VALUES(11,'K2DK-HDMK','2026-11-30 00:45:29.636078','offered','','K2DK-HDMK','voucher: offered in the acknowledgement, to be honoured',0);
CREATE TABLE ticket_link (
	ticket TEXT NOT NULL, 
	other TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	actor TEXT DEFAULT '' NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (ticket, other)
);
CREATE INDEX acknowledgement_domain ON acknowledgement (domain, at);
CREATE INDEX acknowledgement_sender ON acknowledgement (sender, at);
CREATE INDEX ix_acknowledgement_at ON acknowledgement (at);
CREATE INDEX ix_acknowledgement_thread ON acknowledgement (thread);
CREATE INDEX ix_effect_mail_id ON effect (mail_id);
CREATE INDEX ix_effect_message_id ON effect (message_id);
CREATE INDEX ix_location_mail_id ON location (mail_id);
CREATE INDEX ix_mail_message_id ON mail (message_id);
CREATE INDEX ix_mail_ticket ON mail (ticket);
CREATE INDEX mail_parked ON mail (parked) WHERE parked;
CREATE INDEX mail_review ON mail (received) WHERE review;
CREATE INDEX ix_ticket_opened ON ticket (opened);
CREATE INDEX ix_ticket_status ON ticket (status);
CREATE INDEX ix_ticket_thread ON ticket (thread);
CREATE INDEX ix_ticket_event_ticket ON ticket_event (ticket);
CREATE INDEX drift_model ON drift (model, at);
CREATE INDEX grant_customer ON grant (customer, at);
CREATE INDEX ix_grant_ticket ON grant (ticket);
CREATE INDEX ix_article_offer_article ON article_offer (article);
CREATE INDEX ix_article_offer_thread ON article_offer (thread);
CREATE INDEX mail_counted ON mail (received, only_recorded, acknowledge, verdict, parked, robot, topic_sure, complaint, complaint_sure, topic, language, ticket);
CREATE INDEX mail_thread ON mail (thread, received, robot, sentiment, sentiment_confidence);
CREATE INDEX mail_further ON mail (received, thread, id, robot) WHERE id <> thread;
CREATE INDEX mail_labelled ON mail (received) WHERE labelled IS 1;
CREATE INDEX ix_survey_created ON survey (created);
CREATE INDEX ix_survey_thread ON survey (thread);
CREATE INDEX survey_customer ON survey (customer, created);
CREATE INDEX ix_survey_answer_at ON survey_answer (at);
CREATE INDEX survey_answer_newest ON survey_answer (survey, at);
CREATE INDEX effect_filing ON effect (ticket, created) WHERE kind = 'file' AND state NOT IN ('done', 'cancelled');
CREATE INDEX ticket_mirrored ON ticket (tracker, polled) WHERE outside_id != '';
CREATE INDEX ticket_outside ON ticket (outside_id) WHERE outside_id != '';
CREATE INDEX ix_promise_ticket ON promise (ticket);
CREATE INDEX promise_open ON promise (due) WHERE state = 'open';
CREATE INDEX promise_given ON promise (kind, state, given);
CREATE INDEX ticket_news ON ticket (changed) WHERE moved IS NOT NULL OR asked != '';
CREATE INDEX ticket_uncompared ON ticket (opened) WHERE compared IS 0;
CREATE INDEX ticket_folded ON ticket (folded, topic, opened);
CREATE INDEX ix_ticket_link_other ON ticket_link (other);
CREATE INDEX survey_asked ON survey (state, expires);
CREATE INDEX ticket_resolved ON ticket (resolved);
CREATE INDEX effect_unfinished ON effect (kind, state, next_try, created) WHERE state NOT IN ('done', 'cancelled');
CREATE INDEX effect_waiting ON effect (kind, promised, created) WHERE state = 'waiting';
COMMIT;