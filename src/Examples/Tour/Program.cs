using Noether.Examples;
using Noether.Examples.Tour;

return await Example.Run("tour", TourApp.Description, args, TourApp.Configure);
