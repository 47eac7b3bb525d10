/** Where the checks lie that were made in the lab. */
export const checksFile = 'checks.json';
