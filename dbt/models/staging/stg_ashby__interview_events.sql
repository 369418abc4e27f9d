{{ ashby.stage('interview_events', {
    'event_id': ['string', 'id'],
    'schedule_id': ['string', 'interviewScheduleId'],
    'interview_id': ['string', 'interviewId'],
    'starts_at': ['timestamp', 'startTime'],
    'ends_at': ['timestamp', 'endTime'],
    'interviewers': ['json', 'interviewers']
}) }}
