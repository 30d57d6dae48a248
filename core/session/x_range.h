/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_X_RANGE_H
#define CORE_SESSION_X_RANGE_H

/*
 * The range of x that is shown: low >= high shows everything.  Zooming
 * (factor < 1 shows less) keeps `centre` where it is; neither leaves the extent
 * [full_low, full_high], and zooming out to all of it goes back to following.
 */
struct x_range {
	double low, high;
};
void x_range_zoom(struct x_range *v, double full_low, double full_high,
		  double factor, double centre);
/* By a fraction of what is shown; positive shows later x. */
void x_range_pan(struct x_range *v, double full_low, double full_high,
		 double fraction);
/* Just far enough that x is inside. */
void x_range_reveal(struct x_range *v, double full_low, double full_high,
		    double x);

#endif
