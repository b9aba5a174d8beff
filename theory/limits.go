package theory

// longest is the number of steps beyond which a simulated course is refused.
const longest = 1e9

// largestSquare is the ⟨G²⟩ at which a course that diverges is given up.
const largestSquare = 1e100
