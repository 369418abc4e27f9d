{{ ashby.stage('openings', {
    'opening_id': ['string', 'id'],
    'identifier': ['string', 'latestVersion', 'identifier'],
    'state': ['string', 'openingState'],
    'opened_at': ['timestamp', 'openedAt'],
    'closed_at': ['timestamp', 'closedAt'],
    'is_archived': ['boolean', 'isArchived'],
    'team_id': ['string', 'latestVersion', 'teamId'],
    'target_hire_date': ['date', 'latestVersion', 'targetHireDate'],
    'target_start_date': ['date', 'latestVersion', 'targetStartDate'],
    'is_backfill': ['boolean', 'latestVersion', 'isBackfill'],
    'employment_type': ['string', 'latestVersion', 'employmentType'],
    'close_reason_id': ['string', 'closeReasonId'],
    'job_id': ['string', 'latestVersion', 'jobIds', '0']
}) }}
