{{ ashby.stage('interview_schedules', {
    'schedule_id': ['string', 'id'],
    'application_id': ['string', 'applicationId'],
    'stage_id': ['string', 'interviewStageId'],
    'status': ['string', 'status']
}) }}
