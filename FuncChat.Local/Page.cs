using System.Diagnostics;

namespace FuncChat.Local;

/// <summary>Serves the page from `staticwebapp/dist` (<see cref="PageFiles"/>), and builds it with npm if it is missing or its sources have changed.</summary>
internal static partial class Page
{
    private const string Folder = "staticwebapp";

    // `FuncChat__ServePage`: false serves the API alone, and builds nothing.
    private const string Setting = "FuncChat:ServePage";

    public static async Task UsePageAsync(this WebApplication app)
    {
        if (!IsServed(app.Configuration) || await FindOrBuildAsync(app) is not { } dist)
        {
            app.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], () => TypedResults.Text("FuncChat's API is at /api. Its page is not served here: FuncChat__ServePage is false, or the log of the start has the reason."));
            return;
        }

        app.UsePageFiles(dist);
    }

    private static bool IsServed(IConfiguration configuration) => configuration[Setting] is not { Length: > 0 } value
        || (bool.TryParse(value, out var served) ? served : throw StartError.Of(Setting, "must be true or false", "false"));

    private static async Task<string?> FindOrBuildAsync(WebApplication app)
    {
        if (Find(AppContext.BaseDirectory) is not { } folder)
        {
            LogMissing(app.Logger);
            return null;
        }

        var dist = Path.Combine(folder, "dist");
        return await BuildAsync(folder, app) || File.Exists(Path.Combine(dist, "index.html")) ? dist : null;
    }

    /// <summary>The page's folder next to the program or above it, independent of the working folder: with its sources or, next to a published program, with `dist` alone.</summary>
    internal static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Folder);
            if (File.Exists(Path.Combine(candidate, "package.json")) || File.Exists(Path.Combine(candidate, "dist", "index.html")))
                return candidate;
        }

        return null;
    }

    private static async Task<bool> BuildAsync(string folder, WebApplication app)
    {
        if (PageBuild.StepsFor(folder).Count == 0)
            return true;
        if (await NodeVersion.FindProblemAsync(app.Lifetime.ApplicationStopping) is { } problem)
        {
            LogNotBuilt(app.Logger, problem);
            return false;
        }

        try
        {
            using var building = await PageLock.AcquireAsync(folder, TimeProvider.System, app.Lifetime.ApplicationStopping);
            return await RunAsync(PageBuild.StepsFor(folder), folder, app);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotBuilt(app.Logger, $"{folder} can't be written: {e.Message} Change its owner or permissions");
            return false;
        }
    }

    private static async Task<bool> RunAsync(IReadOnlyList<string> steps, string folder, WebApplication app)
    {
        foreach (var arguments in steps)
        {
            LogBuilding(app.Logger, arguments);
            if (await RunNpmAsync(folder, arguments, app.Lifetime.ApplicationStopping) is { } failure)
            {
                LogNotBuilt(app.Logger, failure);
                return false;
            }
        }

        return true;
    }

    // npm's own output goes to the console, so its progress is seen.
    private static async Task<string?> RunNpmAsync(string folder, string arguments, CancellationToken cancellationToken)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", $"/c npm {arguments}")
            : new ProcessStartInfo("npm", arguments);
        start.WorkingDirectory = folder;
        try
        {
            using var npm = Process.Start(start)!;
            await npm.WaitForExitAsync(cancellationToken);
            return npm.ExitCode == 0 ? null : $"npm {arguments} failed in {folder}: fix the error above";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"npm is missing: install Node.js {NodeVersion.Range} from https://nodejs.org";
        }
    }

    [LoggerMessage(301, LogLevel.Information, "Building the page, since it is missing or its sources have changed: npm {Arguments}")]
    private static partial void LogBuilding(ILogger logger, string arguments);

    [LoggerMessage(302, LogLevel.Warning, "The page is not built. {Reason}, and start again. The API is served, and the page's previous build if there is one.")]
    private static partial void LogNotBuilt(ILogger logger, string reason);

    [LoggerMessage(303, LogLevel.Warning, "The page is not served, only the API: there is no folder staticwebapp/dist next to the program. Build the page, and copy its folder dist there")]
    private static partial void LogMissing(ILogger logger);
}
