package drift

var WithoutTakingOver = withoutTakingOver.Replace
