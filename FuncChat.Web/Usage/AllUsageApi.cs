using System.Globalization;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Usage;

/// <summary>`GET /api/usage/users`: what all users have used in a month, for administrators, as JSON or CSV.</summary>
internal sealed partial class AllUsageApi(UsageReports reports, ILogger<AllUsageApi> logger)
{
    private const string MonthFormat = "yyyy-MM";
    private const string Csv = "csv";

    // A month ends where the next one starts, so the last one of the calendar has no end.
    private static readonly DateTimeOffset LastMonth = new(9999, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private static AppError NotAnAdministrator { get; } = new(ErrorCode.Forbidden, "The usage of all users is shown to administrators of this server.");

    private static AppError InvalidMonth { get; } = new(ErrorCode.InvalidRequest, "This must be a month, such as 2026-11.") { Path = "?month" };

    private static AppError InvalidFormat { get; } = new(ErrorCode.InvalidRequest, "This must be json or csv.") { Path = "?format" };

    private static AppError Unavailable { get; } = new(ErrorCode.Unavailable, "The usage can't be read. Try again in a moment.") { Retryable = true };

    public async Task<IResult> ReadAsync(HttpContext http)
    {
        if (!reports.IsAdministrator(Caller.Of(http).Roles))
            return new ProblemResult(NotAnAdministrator);
        DateTimeOffset? month = null;
        if (http.Request.Query.TryGetValue("month", out var text))
        {
            if (!DateTimeOffset.TryParseExact(text, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) || given.Year < 2000 || given >= LastMonth)
                return new ProblemResult(InvalidMonth);
            month = given;
        }

        string? format = http.Request.Query["format"];
        if (format is not (null or "json" or Csv))
            return new ProblemResult(InvalidFormat);
        try
        {
            var usage = AllUsageReport.Of(await reports.ReadAllAsync(month, http.RequestAborted), reports.Currency);
            return format == Csv || (format is null && PrefersCsv(http.Request)) ? CsvOf(http, usage) : TypedResults.Json(usage, WebJson.Relaxed.AllUsageReport);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogNotRead(failure);
            return new ProblemResult(Unavailable);
        }
    }

    private static bool PrefersCsv(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true);

    private static IResult CsvOf(HttpContext http, AllUsageReport usage)
    {
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"usage-{usage.Month}.csv\"";
        return TypedResults.Text(UsageCsv.Of(usage), "text/csv", Encoding.UTF8);
    }

    [LoggerMessage(423, LogLevel.Error, "The usage of all users could not be read")]
    private partial void LogNotRead(Exception failure);
}
