/** A file as one may look at it. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** Only the right to read it is missing. */
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What a station file names outside of itself. */
export interface Surroundings {
  read(file: string): FileText;
  /** What is wrong with a recipe as a station with this state folder finds it; null when it can be used. */
  recipeFault(recipe: string, stateFolder: string, base: string): string | null;
}
