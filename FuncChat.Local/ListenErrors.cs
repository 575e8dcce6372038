using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>Reports why the server can't listen, in a line and without a stack trace.</summary>
internal static class ListenErrors
{
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Starts the application.</summary>
    /// <exception cref="OptionsValidationException">The server can't listen where the settings say.</exception>
    public static async Task ListenAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is not OptionsValidationException && e.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true)
        {
            // Another program may have taken the port since the check.
            if (e.InnerException is AddressInUseException)
                app.CheckAddresses();
            throw StartError.Of("--urls", $"or Kestrel__Endpoints has an address that the server can't listen on. {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", "--urls http://127.0.0.1:7071");
        }
    }

    /// <summary>Keeps the host from logging the exception that ends a start: it ends the process too, which reports it.</summary>
    /// <param name="started">Call this when the application has started.</param>
    public static void LogAfterStart(this ILoggingBuilder logging, out Action started)
    {
        var hasStarted = false;
        started = () => Volatile.Write(ref hasStarted, true);
        logging.AddFilter(HostLog, level => level >= LogLevel.Warning && Volatile.Read(ref hasStarted));
    }
}
