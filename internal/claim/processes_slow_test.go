//go:build unix && slow

package claim

import "time"

const rounds, churn = 100, 15 * time.Second
