using Noether.Examples;
using Noether.Examples.LossLandscape;

return await Example.Run("loss-landscape", LossLandscapeApp.Description, args, LossLandscapeApp.Configure);
