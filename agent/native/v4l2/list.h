/* All cameras of this computer, as JSON. */
#ifndef LINEGATE_V4L2_LIST_H
#define LINEGATE_V4L2_LIST_H

/** Prints them to standard output; returns the exit status. */
int list_cameras(void);

#endif
