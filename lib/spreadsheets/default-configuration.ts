import { Configuration } from './configuration.ts';

/** The configuration a workspace starts with: people's names and e-mail addresses, nothing checked. */
export const DEFAULT_CONFIGURATION: Configuration = Configuration.parse({
  // What ADE's results have, which this configuration is measured by.
  settings: { nameRules: 'ade', addMissingColumns: true },
  rowDetectors: {
    headerTokens: [
      ...['name', 'first', 'last', 'middle', 'email', 'phone'],
      ...['address', 'street', 'city', 'state', 'province', 'postal', 'zip'],
      ...['hours', 'wages', 'gross', 'net', 'rate', 'dues', 'pension'],
      ...['job', 'classification', 'status', 'start', 'end'],
    ],
  },
  fields: [
    {
      name: 'email',
      label: 'Email',
      headerTokenSets: [['email'], ['e', 'mail'], ['emailaddress'], ['emailid']],
    },
    {
      name: 'first_name',
      label: 'First Name',
      headerTokenSets: [
        ...[['first', 'name'], ['firstname'], ['fname']],
        ...[['given', 'name'], ['givenname'], ['forename']],
      ],
    },
    {
      name: 'full_name',
      label: 'Full Name',
      headerTokenSets: [
        ...[['full', 'name'], ['fullname'], ['employee', 'name']],
        ...[
          ['person', 'name'],
          ['worker', 'name'],
          ['member', 'name'],
        ],
      ],
      weakTokenSets: [['name']],
      transforms: ['full-name'],
    },
    {
      name: 'last_name',
      label: 'Last Name',
      headerTokenSets: [
        ...[['last', 'name'], ['lastname'], ['lname'], ['surname']],
        ...[['family', 'name'], ['familyname']],
      ],
    },
    {
      name: 'middle_name',
      label: 'Middle Name',
      headerTokenSets: [
        ...[['middle', 'name'], ['middlename'], ['middle', 'initial']],
        ...[['middleinitial'], ['mi'], ['m', 'i']],
      ],
    },
  ],
});
