using System.Diagnostics;

namespace WaltG5k.IntegrationTests;

static class Eventually
{
    /// <summary>Waits until the condition holds; fails the test when it does not in time.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < (limit ?? TimeSpan.FromSeconds(10)), what);
            await Task.Delay(20);
        }
    }
}
