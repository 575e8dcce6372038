using System.Diagnostics;

namespace FuncChat.Local;

/// <summary>Serves the page from `staticwebapp/dist` (<see cref="PageFiles"/>), and builds it with npm when it is not there.</summary>
internal static partial class Page
{
    private const string Folder = "staticwebapp";

    // `FuncChat__ServePage`: false serves the API alone, and builds nothing.
    private const string Setting = "FuncChat:ServePage";

    public static async Task UsePageAsync(this WebApplication app)
    {
        if (!app.Configuration.GetValue(Setting, defaultValue: true) || await FindOrBuildAsync(app) is not { } dist)
        {
            app.MapGet("/", () => TypedResults.Text("FuncChat's API is at /api. Its page is not served here; the log of the start has the reason."));
            return;
        }

        app.UsePageFiles(dist);
    }

    private static async Task<string?> FindOrBuildAsync(WebApplication app)
    {
        if (Find() is not { } folder)
            return null;
        var dist = Path.Combine(folder, "dist");
        return File.Exists(Path.Combine(dist, "index.html")) || await BuildAsync(folder, app) ? dist : null;
    }

    // Next to the project, independent of the working folder.
    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Folder);
            if (File.Exists(Path.Combine(candidate, "package.json")))
                return candidate;
        }

        return null;
    }

    private static async Task<bool> BuildAsync(string folder, WebApplication app)
    {
        string[] steps = Directory.Exists(Path.Combine(folder, "node_modules")) ? ["run build"] : ["ci", "run build"];
        foreach (var arguments in steps)
        {
            LogBuilding(app.Logger, arguments);
            if (await RunNpmAsync(folder, arguments, app.Lifetime.ApplicationStopping) is { } failure)
            {
                LogNoPage(app.Logger, failure);
                return false;
            }
        }

        return true;
    }

    // npm's own output goes to the console, so its progress is seen.
    private static async Task<string?> RunNpmAsync(string folder, string arguments, CancellationToken cancellationToken)
    {
        try
        {
            var start = OperatingSystem.IsWindows()
                ? new ProcessStartInfo("cmd.exe", $"/c npm {arguments}")
                : new ProcessStartInfo("npm", arguments);
            start.WorkingDirectory = folder;
            using var npm = Process.Start(start)!;
            await npm.WaitForExitAsync(cancellationToken);
            return npm.ExitCode == 0 ? null : $"npm {arguments} failed";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Node.js is missing: install it from https://nodejs.org, version 20 or later";
        }
    }

    [LoggerMessage(301, LogLevel.Information, "Building the page, the first time only: npm {Arguments}")]
    private static partial void LogBuilding(ILogger logger, string arguments);

    [LoggerMessage(302, LogLevel.Warning, "The page is not served, only the API. {Reason}, and start again.")]
    private static partial void LogNoPage(ILogger logger, string reason);
}
