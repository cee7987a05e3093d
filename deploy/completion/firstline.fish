# Completion of firstline for fish: put it to ~/.config/fish/completions/firstline.fish.
complete -c firstline -f -n '__fish_use_subcommand' -a 'announcement audit backup batch classify config data db demo doctor help init login mail metrics model once privacy report run search share status survey template ticket today user view web worker'
complete -c firstline -n '__fish_use_subcommand' -l config
complete -c firstline -n '__fish_use_subcommand' -l debug
complete -c firstline -n '__fish_use_subcommand' -l help
complete -c firstline -n '__fish_use_subcommand' -l version
complete -c firstline -f -n '__fish_seen_subcommand_from announcement' -a 'add change end list'
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l as
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l help
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l json
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l language
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l text
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l topic
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from add' -l until
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l as
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l help
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l json
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l language
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l text
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l until
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from change' -l why
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from end' -l help
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from end' -l json
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from end' -l tell
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from list' -l all
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from announcement; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from audit' -l account
complete -c firstline -n '__fish_seen_subcommand_from audit' -l action
complete -c firstline -n '__fish_seen_subcommand_from audit' -l help
complete -c firstline -n '__fish_seen_subcommand_from audit' -l json
complete -c firstline -n '__fish_seen_subcommand_from audit' -l limit
complete -c firstline -n '__fish_seen_subcommand_from audit' -l since
complete -c firstline -n '__fish_seen_subcommand_from audit' -l subject
complete -c firstline -n '__fish_seen_subcommand_from audit' -l until
complete -c firstline -n '__fish_seen_subcommand_from backup' -l help
complete -c firstline -n '__fish_seen_subcommand_from backup' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from batch' -a 'do undo'
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from do' -l as
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from do' -l help
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from do' -l json
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from do' -l to
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from undo' -l as
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from undo' -l help
complete -c firstline -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from undo' -l json
complete -c firstline -n '__fish_seen_subcommand_from classify' -l explain
complete -c firstline -n '__fish_seen_subcommand_from classify' -l help
complete -c firstline -n '__fish_seen_subcommand_from classify' -l json
complete -c firstline -n '__fish_seen_subcommand_from classify' -l text
complete -c firstline -f -n '__fish_seen_subcommand_from config' -a 'back history set'
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from back' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from back' -l help
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from back' -l json
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from back' -l why
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from history' -l help
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from history' -l json
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from history' -l limit
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l default
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l help
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l json
complete -c firstline -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l why
complete -c firstline -f -n '__fish_seen_subcommand_from data' -a 'audit confirm discover export fix import name review stats'
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from audit' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from audit' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from audit' -l limit
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l by
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l from
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l head
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l limit
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from confirm' -l version
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l for-spreadsheets
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l out
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l subject-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l text-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from discover' -l topics
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from export' -l for-spreadsheets
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from export' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from export' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l by
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l head
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l keep
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from fix' -l limit
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l by
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l complaint-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l good-rows
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l language-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l map
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l name
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l sender-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l sentiment-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l source
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l subject-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l text-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from import' -l topic-column
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from name' -l by
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from name' -l except
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from name' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from name' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from review' -l by
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from review' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from review' -l json
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from review' -l limit
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from review' -l only
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from stats' -l help
complete -c firstline -n '__fish_seen_subcommand_from data; and __fish_seen_subcommand_from stats' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from db' -a 'backup check restore upgrade'
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from backup' -l help
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from backup' -l json
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from check' -l help
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from check' -l json
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from restore' -l help
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from restore' -l json
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from upgrade' -l help
complete -c firstline -n '__fish_seen_subcommand_from db; and __fish_seen_subcommand_from upgrade' -l json
complete -c firstline -n '__fish_seen_subcommand_from demo' -l help
complete -c firstline -n '__fish_seen_subcommand_from demo' -l json
complete -c firstline -n '__fish_seen_subcommand_from demo' -l serve
complete -c firstline -n '__fish_seen_subcommand_from doctor' -l help
complete -c firstline -n '__fish_seen_subcommand_from doctor' -l json
complete -c firstline -n '__fish_seen_subcommand_from doctor' -l loops
complete -c firstline -n '__fish_seen_subcommand_from help' -l help
complete -c firstline -n '__fish_seen_subcommand_from init' -l address
complete -c firstline -n '__fish_seen_subcommand_from init' -l admin
complete -c firstline -n '__fish_seen_subcommand_from init' -l company
complete -c firstline -n '__fish_seen_subcommand_from init' -l country
complete -c firstline -n '__fish_seen_subcommand_from init' -l help
complete -c firstline -n '__fish_seen_subcommand_from init' -l imap
complete -c firstline -n '__fish_seen_subcommand_from init' -l json
complete -c firstline -n '__fish_seen_subcommand_from init' -l language
complete -c firstline -n '__fish_seen_subcommand_from init' -l owner
complete -c firstline -n '__fish_seen_subcommand_from init' -l password-env
complete -c firstline -n '__fish_seen_subcommand_from init' -l password-file
complete -c firstline -n '__fish_seen_subcommand_from init' -l smtp
complete -c firstline -n '__fish_seen_subcommand_from init' -l timezone
complete -c firstline -n '__fish_seen_subcommand_from init' -l topics-from
complete -c firstline -n '__fish_seen_subcommand_from init' -l username
complete -c firstline -n '__fish_seen_subcommand_from init' -l yes
complete -c firstline -n '__fish_seen_subcommand_from login' -l browser
complete -c firstline -n '__fish_seen_subcommand_from login' -l help
complete -c firstline -n '__fish_seen_subcommand_from login' -l json
complete -c firstline -n '__fish_seen_subcommand_from login' -l port
complete -c firstline -f -n '__fish_seen_subcommand_from mail' -a 'answered bounces discard explain label list reclassify reconcile release replay settle show'
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from answered' -l as
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from answered' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from answered' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from bounces' -a 'forget list'
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from bounces; and __fish_seen_subcommand_from forget' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from bounces; and __fish_seen_subcommand_from forget' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from bounces; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from bounces; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from discard' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from discard' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from explain' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from explain' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l as
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l complaint
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l sentiment
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from label' -l topic
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l effects
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l limit
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l reads-like-a-person
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l review
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l silent
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from list' -l state
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reclassify' -l dask
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reclassify' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reclassify' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reclassify' -l since
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reconcile' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reconcile' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from reconcile' -l record
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from release' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from release' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from replay' -l apply
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from replay' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from replay' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l again
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l resend
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l seen
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from settle' -l sent
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from show' -l help
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from show' -l json
complete -c firstline -n '__fish_seen_subcommand_from mail; and __fish_seen_subcommand_from show' -l parts
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l by
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l cases
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l help
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l json
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l only
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l since
complete -c firstline -n '__fish_seen_subcommand_from metrics' -l until
complete -c firstline -f -n '__fish_seen_subcommand_from model' -a 'evaluate list promote rollback show train verify'
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l complaint-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l data
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l sentiment-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l subject-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l text-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l topic-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from evaluate' -l version
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from list' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from promote' -l force
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from promote' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from promote' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from promote' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from rollback' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from rollback' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from rollback' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from show' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from show' -l html
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from show' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from show' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l complaint-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l dask
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l data
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l models
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l no-promote
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l sentiment-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l subject-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l test
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l text-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l thorough
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from train' -l topic-column
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from verify' -l help
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from verify' -l json
complete -c firstline -n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from verify' -l models
complete -c firstline -n '__fish_seen_subcommand_from once' -l as-if-new
complete -c firstline -n '__fish_seen_subcommand_from once' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from once' -l help
complete -c firstline -n '__fish_seen_subcommand_from once' -l html
complete -c firstline -n '__fish_seen_subcommand_from once' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from privacy' -a 'erase export hold holds purge redact release sheet'
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l actor
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l keep-ticket
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l others
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l yes
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l to
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from hold' -l actor
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from hold' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from hold' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from hold' -l why
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from holds' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from holds' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from purge' -l compact
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from purge' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from purge' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from purge' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from redact' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from redact' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from redact' -l name
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from release' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from release' -l json
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from sheet' -l help
complete -c firstline -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from sheet' -l json
complete -c firstline -n '__fish_seen_subcommand_from report' -l complaints
complete -c firstline -n '__fish_seen_subcommand_from report' -l days
complete -c firstline -n '__fish_seen_subcommand_from report' -l help
complete -c firstline -n '__fish_seen_subcommand_from report' -l json
complete -c firstline -n '__fish_seen_subcommand_from report' -l out
complete -c firstline -n '__fish_seen_subcommand_from run' -l help
complete -c firstline -n '__fish_seen_subcommand_from search' -l complaint
complete -c firstline -n '__fish_seen_subcommand_from search' -l help
complete -c firstline -n '__fish_seen_subcommand_from search' -l json
complete -c firstline -n '__fish_seen_subcommand_from search' -l language
complete -c firstline -n '__fish_seen_subcommand_from search' -l limit
complete -c firstline -n '__fish_seen_subcommand_from search' -l mailbox
complete -c firstline -n '__fish_seen_subcommand_from search' -l owner
complete -c firstline -n '__fish_seen_subcommand_from search' -l since
complete -c firstline -n '__fish_seen_subcommand_from search' -l status
complete -c firstline -n '__fish_seen_subcommand_from search' -l ticket
complete -c firstline -n '__fish_seen_subcommand_from search' -l topic
complete -c firstline -n '__fish_seen_subcommand_from search' -l until
complete -c firstline -f -n '__fish_seen_subcommand_from share' -a 'pull push status'
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from pull' -l help
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from pull' -l json
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from pull' -l theirs
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from push' -l help
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from push' -l json
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from push' -l ours
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from status' -l help
complete -c firstline -n '__fish_seen_subcommand_from share; and __fish_seen_subcommand_from status' -l json
complete -c firstline -n '__fish_seen_subcommand_from status' -l help
complete -c firstline -n '__fish_seen_subcommand_from status' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from survey' -a 'record send'
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l as
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l ces
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l csat
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l help
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l json
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l nps
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l outcome
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l text
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from record' -l treatment
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from send' -l dry-run
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from send' -l help
complete -c firstline -n '__fish_seen_subcommand_from survey; and __fish_seen_subcommand_from send' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from template' -a 'articles diff history lint list matrix preview restore save send update variables'
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from articles' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from articles' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from diff' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from diff' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from diff' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from history' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from history' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from history' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from lint' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from lint' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from lint' -l matrix
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from matrix' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from matrix' -l html
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from matrix' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l against
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l diff
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l draft
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l file
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l html
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l last
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from preview' -l mail
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from restore' -l force
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from restore' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from restore' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from restore' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from restore' -l parts
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l file
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l kind
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l opened
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l page
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from save' -l why
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l draft
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l kind
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l language
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from send' -l to
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from update' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from update' -l json
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from update' -l keep
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from update' -l yes
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from variables' -l help
complete -c firstline -n '__fish_seen_subcommand_from template; and __fish_seen_subcommand_from variables' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from ticket' -a 'answer assign close comment correct due grant join link list open priority refile seen show split status unprepared'
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l attach
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l cc
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l draft
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l file
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l name
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l preview
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l saved
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l status
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l subject
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from answer' -l undo
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from assign' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from assign' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from assign' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l silently
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from comment' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from comment' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from comment' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from comment' -l public
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l complaint
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l sentiment
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from correct' -l topic
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from due' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from due' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from grant' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from grant' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from grant' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from join' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from join' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from join' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from link' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from link' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from link' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l limit
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l owner
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l status
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l complaint
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l topic
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from priority' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from priority' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from priority' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from refile' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from refile' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from seen' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from seen' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from seen' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from split' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from split' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from split' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from status' -l as
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from status' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from status' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from unprepared' -l help
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from unprepared' -l json
complete -c firstline -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from unprepared' -l since
complete -c firstline -n '__fish_seen_subcommand_from today' -l after
complete -c firstline -n '__fish_seen_subcommand_from today' -l as
complete -c firstline -n '__fish_seen_subcommand_from today' -l help
complete -c firstline -n '__fish_seen_subcommand_from today' -l json
complete -c firstline -n '__fish_seen_subcommand_from today' -l kind
complete -c firstline -n '__fish_seen_subcommand_from today' -l language
complete -c firstline -n '__fish_seen_subcommand_from today' -l limit
complete -c firstline -n '__fish_seen_subcommand_from today' -l mailbox
complete -c firstline -n '__fish_seen_subcommand_from today' -l owner
complete -c firstline -n '__fish_seen_subcommand_from today' -l role
complete -c firstline -n '__fish_seen_subcommand_from today' -l text
complete -c firstline -n '__fish_seen_subcommand_from today' -l topic
complete -c firstline -n '__fish_seen_subcommand_from today' -l view
complete -c firstline -f -n '__fish_seen_subcommand_from user' -a 'add disable enable list passwd role'
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add' -l json
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add' -l link
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add' -l name
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add' -l role
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from disable' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from disable' -l json
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from enable' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from enable' -l json
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from passwd' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from passwd' -l json
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from passwd' -l link
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from role' -l help
complete -c firstline -n '__fish_seen_subcommand_from user; and __fish_seen_subcommand_from role' -l json
complete -c firstline -f -n '__fish_seen_subcommand_from view' -a 'forget list save'
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from forget' -l as
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from forget' -l help
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from forget' -l json
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from list' -l as
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from list' -l help
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from list' -l json
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from save' -l as
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from save' -l help
complete -c firstline -n '__fish_seen_subcommand_from view; and __fish_seen_subcommand_from save' -l json
complete -c firstline -n '__fish_seen_subcommand_from web' -l help
complete -c firstline -n '__fish_seen_subcommand_from worker' -l help
