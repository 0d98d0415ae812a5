using Noether.Examples;
using Noether.Examples.Digits;

return await Example.Run("digits", DigitsApp.Description, args, DigitsApp.Configure);
