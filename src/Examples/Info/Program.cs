using Noether.Examples;
using Noether.Examples.Info;

return await Example.Run("noether-info", InfoApp.Description, args, InfoApp.Configure);
