/** Invented words for names and texts. Nobody in here exists. */

export const FIRST_NAMES = [
  'Avelor',
  'Brinna',
  'Caspin',
  'Delmira',
  'Eskil-Test',
  'Fennick',
  'Galia',
  'Harrowin',
  'Iselda',
  'Jorvik',
  'Kestrel',
  'Lumina',
  'Marrow',
  'Nivara',
  'Oberyn',
  'Pellia',
  'Quillon',
  'Rosmer',
  'Sylvar',
  'Tamsel',
  'Umbrik',
  'Vellora',
  'Wrenna',
  'Xanthe-Test',
  'Ysolde',
  'Zephrin',
  'Ådelin',
  'Błażna',
  'Çelik-Test',
  'Ñandira',
];
export const LAST_NAMES = [
  'Applewhistle',
  'Brackenfold',
  'Cinderquay',
  'Dovetailor',
  'Elmsworthy',
  'Fableton',
  'Glimmerick',
  'Hollowbeam',
  'Inkwellian',
  'Jasperfield',
  'Kettlebrook',
  'Lanternby',
  'Mossgather',
  'Nettlecombe',
  'Oakenshade',
  'Puddlemere',
  'Quartzley',
  'Ravenshoe',
  'Saltmarsh',
  'Thistledown',
  'Underbough',
  'Vexmoor',
  'Willowisp',
  'Yarrowgate',
  'Zinnober',
];
export const TITLES = [
  'Backend Engineer',
  'Product Designer',
  'Data Analyst',
  'Account Executive',
  'Support Specialist',
  'Recruiter',
  'Site Reliability Engineer',
  'Product Manager',
  'Finance Partner',
  'Frontend Engineer',
  'People Operations Lead',
  'Machine Learning Engineer',
  'Office Manager',
  'Sales Development Representative',
  'Security Engineer',
];
export const COMPANIES = [
  'Example Widgets',
  'Sample & Daughters',
  'Placeholder Labs',
  'Fictional Freight',
  'Imaginary Insurance',
  'Testwell',
  'Mock Turtle Media',
  'Dummy Data Depot',
  'Nowhere Networks',
];
export const SCHOOLS = ['Example University', 'Sample State College', 'Institute of Placeholders', 'Fictional Academy'];
export const DEPARTMENTS = [
  'Engineering',
  'Design',
  'Data',
  'Sales',
  'Support',
  'People',
  'Finance',
  'Marketing',
  'Legal',
  'Security',
];
export const CITIES = [
  ['Berlin', 'Berlin', 'DE'],
  ['Austin', 'Texas', 'US'],
  ['Lisbon', 'Lisboa', 'PT'],
  ['Toronto', 'Ontario', 'CA'],
  ['Nairobi', 'Nairobi', 'KE'],
  ['Osaka', 'Osaka', 'JP'],
  ['Zürich', 'Zürich', 'CH'],
  ['Recife', 'Pernambuco', 'BR'],
] as const;
export const TIMEZONES = ['Europe/Berlin', 'America/Chicago', 'Asia/Tokyo', 'Africa/Nairobi', 'America/Recife'];

/** Sources that only tracking links lead to, then ordinary ones. */
export const SOURCES = [
  'Newsletter Advert',
  'Campus Fair',
  'Podcast Sponsorship',
  'Community Meetup',
  'Billboard Riverside',
  'Alumni Mailing',
  'LinkedIn',
  'Company Website',
  'Referral',
  'Job Board Alpha',
  'Job Board Beta',
  'Sourced by Recruiter',
  'Agency North',
  'Agency South',
  'Internal Move',
  'Open Source Contributors',
  'Hackathon',
  'Social Media',
  'Search Advert',
];
/** What kind each of them is, in their order. */
export const SOURCE_KINDS = [
  'Inbound',
  'Inbound',
  'Inbound',
  'Inbound',
  'Inbound',
  'Referral',
  'Inbound',
  'Inbound',
  'Referral',
  'Inbound',
  'Inbound',
  'Sourced',
  'Agency',
  'Agency',
  'Internal',
  'Sourced',
  'Inbound',
  'Inbound',
  'Inbound',
];
export const SOURCE_TYPES = ['Inbound', 'Sourced', 'Referral', 'Agency', 'Internal'];
export const STAGES = [
  ['New Lead', 'Lead'],
  ['Application Review', 'PreInterviewScreen'],
  ['Recruiter Screen', 'Active'],
  ['Onsite', 'Active'],
  ['Final Interview', 'Active'],
  ['Offer', 'Offer'],
  ['Hired', 'Hired'],
  ['Archived', 'Archived'],
] as const;

/** Strings that break careless readers and writers; every 25th text or so is one of them. */
export const AWKWARD = [
  'line\u2028separator and\u2029paragraph separator',
  'next\u0085line and tab\tand\r\nnewline',
  'emoji 👩‍🚀🎉 and combining e\u0301',
  'lone surrogate \ud83d at work',
  'quotes " \' ` \\ / <b>&amp;</b> ,;\u0000nul',
  'null',
  'NaN',
  '',
  '   ',
  '1e400',
  '=SUM(A1)',
  'العربية עברית',
  'long text '.repeat(2000),
];

export function word<V>(list: readonly V[], random: number): V {
  return list[random % list.length] as V;
}

/** An awkward text for one row in 25, else undefined. */
export function awkward(random: number): string | undefined {
  return random % 25 === 7 ? AWKWARD[(random >>> 8) % AWKWARD.length] : undefined;
}

/** An awkward text for every 25th row, all of them in turn. */
export function awkwardInTurn(index: number): string | undefined {
  return index % 25 === 7 ? AWKWARD[Math.floor(index / 25) % AWKWARD.length] : undefined;
}
