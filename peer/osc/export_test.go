package osc

// MatchSteps matches, and counts the steps that the time bound speaks of.
func (p *Pattern) MatchSteps(address []byte) (ok bool, steps int) { return p.program.match(address) }
