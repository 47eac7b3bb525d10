// Imported first: schemas that are made afterwards write no functions of their own, which pays for documents read by the thousand
// and costs a station, which reads four, time at its start.
import { config } from 'zod';

config({ jitless: true });
