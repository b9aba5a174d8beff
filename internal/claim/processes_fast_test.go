//go:build unix && !slow

package claim

import "time"

const rounds, churn = 12, 2 * time.Second
