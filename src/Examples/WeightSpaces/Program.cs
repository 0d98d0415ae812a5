using Noether.Examples;
using Noether.Examples.WeightSpaces;

return await Example.Run("weight-spaces", WeightSpacesApp.Description, args, WeightSpacesApp.Configure);
