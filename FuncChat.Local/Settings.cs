using Microsoft.Extensions.Options;

namespace FuncChat.Local;

internal static class Settings
{
    /// <summary>Checks every setting, and says on the console which ones are wrong: a person reads this, not a stack trace.</summary>
    public static bool AreSettingsSound(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or InvalidOperationException or AggregateException)
        {
            Say(wrong);
            return false;
        }
    }

    /// <summary>Runs the server until it is stopped. An address that it may not listen on is a wrong setting too.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunToEndAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            Say(wrong);
            return 1;
        }
    }

    private static void Say(Exception wrong)
    {
        foreach (var failure in FailuresOf(wrong))
            Console.Error.WriteLine($"Wrong setting: {failure}");
    }

    // A value that is no number or time span at all is an InvalidOperationException, which names the setting too.
    private static IEnumerable<string> FailuresOf(Exception wrong) => wrong switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(FailuresOf),
        _ => [wrong.Message],
    };
}
