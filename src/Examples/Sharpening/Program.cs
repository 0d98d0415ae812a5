using Noether.Examples;
using Noether.Examples.Sharpening;

return await Example.Run("sharpening", SharpeningApp.Description, args, SharpeningApp.Configure);
