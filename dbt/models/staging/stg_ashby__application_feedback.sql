{{ ashby.stage('application_feedback', {
    'feedback_id': ['string', 'id'],
    'application_id': ['string', 'applicationId'],
    'event_id': ['string', 'interviewEventId'],
    'submitted_by_user_id': ['string', 'submittedByUser', 'id'],
    'submitted_at': ['timestamp', 'submittedAt']
}) }}
