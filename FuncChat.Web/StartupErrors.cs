using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web;

/// <summary>Reports to the operator why a host does not start, in lines and without a stack trace.</summary>
public static class StartupErrors
{
    /// <summary>Validates all settings before the host starts, which would log errors with a stack trace.</summary>
    /// <exception cref="OptionsValidationException">Lists all errors.</exception>
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
    /// Writes the errors to the console, in lines with the word error: the Functions host reports only such lines together with the worker's exit, and the
    /// others a minute later.
    /// </summary>
    /// <returns>The process's exit code.</returns>
    public static int Print(this OptionsValidationException wrong)
    {
        foreach (var failure in wrong.Failures.Distinct(StringComparer.Ordinal)) // every service that reads the settings reports their errors
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
