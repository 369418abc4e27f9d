{{ ashby.stage('applications', {
    'application_id': ['string', 'id'],
    'candidate_id': ['string', 'candidate', 'id'],
    'job_id': ['string', 'job', 'id'],
    'status': ['string', 'status'],
    'created_at': ['timestamp', 'createdAt'],
    'updated_at': ['timestamp', 'updatedAt'],
    'archived_at': ['timestamp', 'archivedAt'],
    'current_stage_id': ['string', 'currentInterviewStage', 'id'],
    'source_id': ['string', 'source', 'id'],
    'archive_reason_id': ['string', 'archiveReason', 'id'],
    'archive_reason': ['string', 'archiveReason', 'text'],
    'archive_reason_type': ['string', 'archiveReason', 'reasonType'],
    'credited_to_user_id': ['string', 'creditedToUser', 'id'],
    'job_posting_id': ['string', 'appliedViaJobPostingId'],
    'hiring_team': ['json', 'hiringTeam']
}) }}
