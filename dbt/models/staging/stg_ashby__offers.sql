{{ ashby.stage('offers', {
    'offer_id': ['string', 'id'],
    'application_id': ['string', 'applicationId'],
    'acceptance_status': ['string', 'acceptanceStatus'],
    'offer_status': ['string', 'offerStatus'],
    'decided_at': ['timestamp', 'decidedAt'],
    'latest_version_id': ['string', 'latestVersion', 'id'],
    'latest_version_at': ['timestamp', 'latestVersion', 'createdAt'],
    'start_date': ['date', 'latestVersion', 'startDate'],
    'opening_id': ['string', 'latestVersion', 'openingId'],
    'approval_status': ['string', 'latestVersion', 'approvalStatus']
}) }}
