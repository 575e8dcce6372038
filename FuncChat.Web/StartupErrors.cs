using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web;

/// <summary>Tells the operator why a host does not start: a person reads this, so it is lines and not a stack trace.</summary>
public static class StartupErrors
{
    /// <summary>Checks every setting before the host starts, which would log what is wrong with its stack.</summary>
    /// <exception cref="OptionsValidationException">Lists all that is wrong.</exception>
    public static void CheckSettings(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or AggregateException)
        {
            throw new OptionsValidationException("", typeof(StartupErrors), FailuresOf(wrong));
        }
    }

    /// <summary>
    /// Says on the console what is wrong, in lines that hold the word error: of what a worker of the Functions host has written there, only such lines
    /// are told together with its exit; the others a minute later.
    /// </summary>
    /// <returns>The process's exit code.</returns>
    public static int Print(this OptionsValidationException wrong)
    {
        foreach (var failure in wrong.Failures)
            Console.Error.WriteLine($"Error in a setting: {failure}");
        return 1;
    }

    // A value that is no number or time span at all is an InvalidOperationException, which names the setting too.
    private static IEnumerable<string> FailuresOf(Exception wrong) => wrong switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(FailuresOf),
        _ => [wrong.Message],
    };
}
