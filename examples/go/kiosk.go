// A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.
//
//	go build -o kiosk . && ./kiosk STORE REGION < codes.txt
//
// STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). It never ends because of a bad code. With a document and a
// file of its stamps it verifies those instead:
//
//	./kiosk STORE REGION DOCUMENT STAMPS

package main

import (
	"bufio"
	"fmt"
	"os"
)

func answer(verifier *Verifier, scan string) string {
	report, err := verifier.VerifyText(scan)
	if err != nil {
		// The call did not work: nothing was verified, and nothing may be concluded.
		fmt.Fprintf(os.Stderr, "未能核验：%v\n", err)
		return "? 未能核验"
	}
	defer report.Close()
	if until, ends := report.GoodUntil(); report.Verdict() == Valid && ends {
		return fmt.Sprintf("✓ 有效（此结论至 %d 为止）", until.Unix())
	}
	return verdict(report)
}

func verdict(report *Report) string {
	ground := report.Reason()
	switch report.Verdict() {
	case Valid:
		return "✓ 有效"
	case Invalid:
		return fmt.Sprintf("✗ 无效：%s（%s）%s", ground.Text(), ground.Symbol(), ground.Remedy())
	default:
		return fmt.Sprintf("? 无法判定：%s（%s）%s%s", ground.Text(), ground.Symbol(), ground.Remedy(), ground.Caution())
	}
}

// sealed says what came of the stamps on a document, and gives the code to exit with.
func sealed(verifier *Verifier, document, stamps string) (int, error) {
	file, err := os.ReadFile(stamps)
	if err != nil {
		return 1, err
	}
	pieces, err := os.Open(document)
	if err != nil {
		return 1, err
	}
	defer pieces.Close()
	report, err := verifier.VerifyStamps(file, pieces)
	if err != nil {
		return 1, err
	}
	defer report.Close()
	fmt.Printf("文件：%s\n", verdict(report))
	each, err := report.Stamps()
	if err != nil {
		return 1, err
	}
	for at, stamp := range each {
		fmt.Printf("签章 %d：%s\n", at+1, verdict(stamp))
		stamp.Close()
	}
	return report.ExitCode(), nil
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: kiosk STORE REGION < codes.txt, or kiosk STORE REGION DOCUMENT STAMPS")
		os.Exit(2)
	}
	store, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	policy := "kiosk"
	if len(os.Args) == 5 {
		policy = "counter"
	}
	verifier, err := NewVerifier(store, policy, os.Args[2])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s：%v\n", os.Args[1], err)
		os.Exit(1)
	}
	defer verifier.Close()
	if len(os.Args) == 5 {
		code, err := sealed(verifier, os.Args[3], os.Args[4])
		if err != nil {
			fmt.Fprintf(os.Stderr, "未能核验：%v\n", err)
		}
		os.Exit(code)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if lines.Text() != "" {
			fmt.Println(answer(verifier, lines.Text()))
		}
	}
}
