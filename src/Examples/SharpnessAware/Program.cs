using Noether.Examples;
using Noether.Examples.SharpnessAware;

return await Example.Run("sharpness-aware", SharpnessAwareApp.Description, args, SharpnessAwareApp.Configure);
